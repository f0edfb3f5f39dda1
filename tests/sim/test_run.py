"""A run ends with the toy's own answer, on a device that is there, and leaves no trace in the process."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from sim.run import DeviceError, OutOfMemoryError, available_devices, choose_device, frames, run_to_end
from tests.sim.pacing import MEMORY, PACING, Config


def global_random_state() -> tuple[object, torch.Tensor, list[int]]:
    """The state of every global generator; a run has generators of its own and leaves these alone."""
    legacy = np.random.get_state()  # noqa: NPY002 - the global generator is what must stay untouched
    return random.getstate(), torch.get_rng_state(), legacy[1].tolist()


def test_the_last_frame_is_what_the_seed_says() -> None:
    finished = run_to_end(PACING, Config(draws=1000), seed=7, device="cpu")
    assert finished.frame.result["mean"] == np.mean(np.random.default_rng(7).random(1000))
    assert finished.frame.progress == 1
    assert finished.device == "cpu"
    assert finished.seconds > 0


def test_a_processor_is_always_there_and_auto_takes_the_fastest() -> None:
    devices = available_devices()
    assert devices[-1] == "cpu"
    assert choose_device("auto") == devices[0]
    assert all(choose_device(name) == name for name in devices)


def test_a_missing_device_is_named_with_those_there_are() -> None:
    with pytest.raises(
        DeviceError, match=r"^This machine has no device 'abacus'\. Choose one of: auto, .*cpu\.$"
    ):
        run_to_end(PACING, Config(), seed=0, device="abacus")


def test_a_run_has_one_thread_and_gives_the_rest_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        threads = {torch.get_num_threads() for _ in frames(PACING, Config(), seed=0, device="cpu")}
        assert threads == {1}
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_run_leaves_the_global_random_state_alone() -> None:
    before = global_random_state()
    run_to_end(PACING, Config(), seed=0, device="cpu")
    after = global_random_state()
    assert before[0] == after[0]
    assert torch.equal(before[1], after[1])
    assert before[2] == after[2]


def test_memory_that_runs_out_is_one_sentence_with_a_smaller_setting() -> None:
    config = Config(draws=1000, trouble=MEMORY)
    with pytest.raises(OutOfMemoryError) as raised:
        run_to_end(PACING, config, seed=0, device="cpu")
    assert str(raised.value) == "The simulation ran out of memory on cpu. Try draws=500."


@pytest.mark.parametrize(
    "words", ["CUDA out of memory. Tried to allocate 2 GiB", "DefaultCPUAllocator: can't allocate memory"]
)
def test_torch_says_it_differently_on_each_device(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(PACING.module, "run", refuse)
    with pytest.raises(OutOfMemoryError, match="or the device cpu"):
        list(frames(PACING, Config(), seed=0, device="cuda"))


def test_another_failure_is_not_mistaken_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("expected scalar type Float")

    monkeypatch.setattr(PACING.module, "run", refuse)
    with pytest.raises(RuntimeError, match="expected scalar type Float"):
        list(frames(PACING, Config(), seed=0, device="cpu"))
