"""A session of a Streamlit app without a browser: a websocket client that speaks its protocol.

A session is opened as the browser opens one, with a first run of the script, and then moves the slider of a
fragment: one `BackMsg` with the widget's value and the fragment's id, answered by the fragment's elements and
a `ForwardMsg` that says that the fragment has run. What the elements look like is not read.
"""

from __future__ import annotations

import time
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Session:
    """One reader's session.

    Args:
        port: Where the app listens on this machine.
    """

    def __init__(self, port: int) -> None:
        self._opening = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None
        )
        self._slider = ""
        self._fragment = ""
        self._value = 500.0

    async def __aenter__(self) -> Session:
        self._socket: ClientConnection = await self._opening
        first = BackMsg()
        first.rerun_script.query_string = ""
        await self._socket.send(first.SerializeToString())
        await self._finished()
        if not self._fragment:
            raise RuntimeError("The page has no slider in a fragment.")
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def move(self) -> float:
        """Move the slider by one; returns the seconds until the fragment has run."""
        self._value = (self._value + 1) % 1000
        moved = BackMsg()
        moved.rerun_script.fragment_id = self._fragment
        state = moved.rerun_script.widget_states.widgets.add(id=self._slider)
        state.double_array_value.data.append(self._value)
        began = time.perf_counter()
        await self._socket.send(moved.SerializeToString())
        await self._finished()
        return time.perf_counter() - began

    async def _finished(self) -> None:
        while True:
            said = ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))
            if said.delta.new_element.slider.id:
                self._slider, self._fragment = said.delta.new_element.slider.id, said.delta.fragment_id
            if said.WhichOneof("type") == "script_finished":
                if said.script_finished not in DONE:
                    raise RuntimeError(f"The script ended with status {said.script_finished}.")
                return
