"""A running Anki, by way of its add-on AnkiConnect: one question and one answer at a time, over HTTP.

    POST {"action": "findNotes", "version": 6, "params": {"query": "deck:Martingale"}}
    200  {"result": [1713542103650], "error": null}

The add-on listens on this machine alone (`cards.taking.anki_address`). It is spoken to without proxies and
without following redirects, so that nothing leaves the machine; and it is not believed at length: an answer
is read up to a bound, and silence is borne for a while.

Source: FooSoft Productions, AnkiConnect, version 6 of its interface.
"""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from cards.shown import shortened

VERSION = 6
SECONDS = 30.0  # for each answer to begin, and between its pieces; importing 100,000 notes takes about four
LARGEST = 64_000_000  # bytes of an answer: those of some ten thousand notes
START_IT = "Start Anki with the add-on AnkiConnect (2055492159), and try again."


class ConnectError(Exception):
    """Anki was not reached, or did not do what was asked; the message is one sentence, or two."""


class NotRunningError(ConnectError):
    """Nothing listens where Anki should."""


class RefusedError(ConnectError):
    """Anki answers, and says that it does not do this."""


class Anki:
    """A running Anki.

    Args:
        address: Where it listens, as `cards.taking.anki_address` returns it.
        seconds: How long to wait for an answer.
        largest: The most bytes that an answer may have.
    """

    def __init__(self, address: str, *, seconds: float = SECONDS, largest: int = LARGEST) -> None:
        self._address, self._seconds, self._largest = address, seconds, largest

    def ask(self, action: str, **params: object) -> Any:  # noqa: ANN401 - each action has its own result
        """Have something done, and return what came of it.

        Raises:
            NotRunningError: If nothing listens there.
            ConnectError: If it refuses, breaks off, takes too long or does not make sense.
        """
        question = {"action": action, "version": VERSION, "params": params}
        answer = self._read(action, json.dumps(question).encode())
        try:
            said = json.loads(answer)
        except ValueError as error:
            raise ConnectError(self._is_no_anki()) from error
        if not isinstance(said, dict) or "result" not in said or "error" not in said:
            raise ConnectError(self._is_no_anki())
        if said["error"] is not None:
            raise RefusedError(f"Anki refused ({action}): {shortened(str(said['error']))}.")
        return said["result"]

    def _read(self, action: str, question: bytes) -> bytes:
        where = urlsplit(self._address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=self._seconds)
        try:
            connection.request("POST", "/", question, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read(self._largest + 1)
        except ConnectionRefusedError as error:
            raise NotRunningError(f"Anki is not running at {self._address}. {START_IT}") from error
        except TimeoutError as error:
            raise ConnectError(
                f"Anki has not answered for {self._seconds:g} seconds ({action}); a window of its own may be "
                "waiting for you."
            ) from error
        except ConnectionError as error:
            raise ConnectError(f"Anki broke off ({action}); it may have been closed.") from error
        except http.client.HTTPException as error:
            raise ConnectError(self._is_no_anki()) from error
        except OSError as error:
            raise ConnectError(f"Anki cannot be reached at {self._address}: {error.strerror}.") from error
        finally:
            connection.close()
        if len(answer) > self._largest:
            raise ConnectError(f"Anki's answer is larger than {self._largest:,} bytes ({action}).")
        if response.length:
            raise ConnectError(f"Anki broke off ({action}); it may have been closed.")
        if response.status != http.client.OK:
            raise ConnectError(self._is_no_anki())
        return answer

    def _is_no_anki(self) -> str:
        return f"What answers at {self._address} is not AnkiConnect; give the address where it listens."
