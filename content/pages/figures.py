"""A route for the pictures of the book, by their names: only files that the library has listed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from content.pages.shelf import library


async def figure(request: Request) -> Response:
    """One picture, or a sentence that says there is none."""
    name = request.path_params["name"]
    path = library().figure(name)
    if path is None or not path.is_file():  # it may have been deleted since the book was read
        return PlainTextResponse(f"The book has no figure called '{name}'.", status_code=404)
    return FileResponse(path)


ROUTES = [Route("/figures/{name}", figure)]
