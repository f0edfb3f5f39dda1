// A finger on a card: a tap shows its answer, and a swipe to a side grades it. The buttons do the same for everybody else.
//
// The browser keeps what moves up and down, what has a scroll of its own, and what selects text; a swipe that comes back, or that
// the browser takes over, does nothing.
import { element } from "./element.js";

const BEGINS = 12; // pixels to a side from which it is a swipe
const STEEP = 1.2; // how much further to the side than up or down
const FAR = 90; // pixels from which letting go grades
const TAP = 400; // milliseconds; a longer press selects text
const OTHERS = "a, button, input, textarea, summary, [tabindex='0']"; // the last: what scrolls by itself

export class Swipe {
  /**
   * @param stage what the finger is on
   * @param sides gives { left, right }, the choice at either side, or null while there is nothing to grade
   * @param tapped called for a tap
   * @param swiped called with a choice, and the event that began the swipe
   */
  constructor(stage, { sides, tapped, swiped }) {
    Object.assign(this, { stage, sides, tapped, swiped });
    this.hint = element("div", { class: "swipe ui", "aria-hidden": "true", hidden: "" });
    stage.after(this.hint);
    const on = (name, handle) => stage.addEventListener(name, (event) => event.pointerType !== "mouse" && handle(event));
    on("pointerdown", (event) => this.begin(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.end(event));
    on("pointercancel", () => this.stop());
  }

  begin(event) {
    this.stop();
    const other = event.target.closest(OTHERS);
    if (event.isPrimary && !this.stage.contains(other)) this.start = event;
  }

  move(event) {
    if (!this.start || event.pointerId !== this.start.pointerId) return;
    const [aside, along] = this.way(event);
    if (!this.moving) {
      if (Math.abs(along) > BEGINS) return this.stop();
      if (Math.abs(aside) < BEGINS || Math.abs(aside) < STEEP * Math.abs(along)) return;
      if (isSelecting() || !this.sides()) return this.stop();
      this.moving = true;
    }
    this.draw(aside);
  }

  end(event) {
    const { start, moving } = this;
    if (!start) return;
    const [aside, along] = this.way(event);
    const sides = this.sides();
    this.stop();
    if (moving && sides && Math.abs(aside) >= FAR) this.swiped(aside < 0 ? sides.left : sides.right, start);
    else if (!moving && Math.hypot(aside, along) < BEGINS && event.timeStamp - start.timeStamp < TAP && !isSelecting()) this.tapped(event);
  }

  stop() {
    this.start = null;
    this.moving = false;
    this.hint.hidden = true;
    this.stage.style.removeProperty("--aside");
  }

  /** Show which grade letting go would give, and whether the finger has gone far enough. */
  draw(aside) {
    const sides = this.sides();
    if (!sides) return this.stop();
    const choice = aside < 0 ? sides.left : sides.right;
    this.hint.hidden = false;
    this.hint.className = `swipe ui ${aside < 0 ? "left" : "right"} grade-${choice.rating}${Math.abs(aside) >= FAR ? " far" : ""}`;
    this.hint.textContent = choice.name;
    this.hint.style.opacity = Math.min(1, 0.35 + Math.abs(aside) / FAR / 1.6);
    this.stage.style.setProperty("--aside", `${aside / 3}px`);
  }

  way(event) {
    return [event.clientX - this.start.clientX, event.clientY - this.start.clientY];
  }
}

const isSelecting = () => !(getSelection()?.isCollapsed ?? true);
