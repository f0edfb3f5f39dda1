// Numbers that a reader has typed and cannot have meant.
import { number } from "./words.js";

const LARGEST = 1e15; // of a guessed number, see sim/pages/told.py

/** A sentence if a number cannot have been meant so: 30 where 30% was meant. Empty if it can. */
export function doubt({ unit }, value, truth) {
  if (Math.abs(value) > LARGEST) return "That is further from 0 than anything here can be.";
  const share = unit === "share" || (!unit && truth >= 0 && truth <= 1);
  if (!share || value <= 1 || value > 100) return "";
  return `The answer is a number from 0 to 1: write ${number(value)}% or ${number(value / 100)}.`;
}
