"""The headers of every answer, and the two links in the page's head.

The content-security policy lets the page load from this server and nowhere else. Styles must be allowed
inline, because Streamlit writes its own that way.

The stylesheets are linked from the head of Streamlit's page, so that the first paint already has our type
and colours; injected later by a script they would come with a flash of Streamlit's own look.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import Headers as Incoming
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.pages.component import asset

INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

POLICY = "; ".join(
    [
        "script-src 'self' blob:{scripts}",
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

SHEETS = (
    ("sim", "tokens.css"),
    ("sim", "vendor/katex/dist/katex.min.css"),
    ("sim", "figure.css"),
    ("sim", "lab.css"),
    ("cards", "review.css"),
    ("cards", "settings.css"),
    ("cards", "acts.css"),
    ("cards", "claims.css"),
    ("cards", "progress.css"),
    ("cards", "tuning.css"),
    ("cards", "your_data.css"),
    ("cards", "take_away.css"),
    ("cards", "browse.css"),
    ("cards", "ledger.css"),
    ("content", "site.css"),
)


def policy(page: bytes = b"") -> str:
    """The policy for an answer; scripts that Streamlit writes into its page are allowed by their digest."""
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(page))
    return POLICY.format(
        scripts="".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    )


def head_links() -> bytes:
    """The stylesheet links, as the page's head carries them."""
    return b"".join(f'<link rel="stylesheet" href="{asset(*sheet)}">'.encode() for sheet in SHEETS)


def uncompressed(scope: Scope) -> Scope:
    """The same request, asking for an answer that can be read on its way out."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


class Headers:
    """Middleware: adds the security headers, and our stylesheets to Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.links = head_links()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, rewriting only an HTML page's head."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "text/html" in Incoming(scope=scope).get("accept", ""):
            scope = uncompressed(scope)
        held: Message | None = None
        versioned = scope["path"].startswith("/assets/") and b"v=" in scope["query_string"]

        async def sender(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy()
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if scope["path"].startswith("/assets/"):
                    headers["Cache-Control"] = (
                        "public, max-age=31536000, immutable" if versioned else "no-cache"
                    )
                if scope["method"] == "GET" and headers.get("content-type", "").startswith("text/html"):
                    held = message
                    return
            elif held is not None and message["type"] == "http.response.body":
                start, held = held, None
                page = message.get("body", b"")
                body = page.replace(b"</head>", self.links + b"</head>", 1)
                headers = MutableHeaders(scope=start)
                headers["Content-Security-Policy"] = policy(page)
                headers["content-length"] = str(len(body))
                # The page depends on our checksums too: Streamlit's validators would keep an old head alive.
                del headers["etag"], headers["last-modified"]
                await send(start)
                message = {**message, "body": body}
            await send(message)

        await self.app(scope, receive, sender)
