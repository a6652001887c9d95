"""Files: documents and photos sent by the bot, and files people sent it."""

from typing import Final

from bot.sandbox.cast import StoredFile
from bot.sandbox.errors import Refused
from bot.sandbox.files import photo_sizes, store

from .base import MAX_CAPTION, Json, Request, method

MOST_DOWNLOAD: Final = 20 * 1024 * 1024
MOST_UPLOAD: Final = 50 * 1024 * 1024
MOST_PHOTO: Final = 10 * 1024 * 1024


def _uploaded(request: Request, name: str, most: int) -> StoredFile:
    """The file of a call: uploaded under its own name or as attach://, or a known file_id."""
    value = request.params.text(name)
    part = value.removeprefix("attach://") if value.startswith("attach://") else name
    if part in request.params.files:
        filename, content, mime = request.params.files[part]
        if not content:
            raise Refused(400, "file must be non-empty")
        if len(content) > most:
            raise Refused(413, "Request Entity Too Large")
        return store(request.world, request.bot, filename, content, mime)
    if not value:
        raise Refused(400, f"there is no {name} in the request")
    if value in request.bot.files:
        return request.bot.files[value]
    raise Refused(400, "wrong file identifier/HTTP URL specified")


@method("sendDocument")
async def send_document(request: Request) -> Json:
    """A file with its name."""
    request.open_chat()
    kept = _uploaded(request, "document", MOST_UPLOAD)
    document = {
        "file_name": kept.name,
        "mime_type": kept.mime,
        "file_id": kept.id,
        "file_unique_id": kept.unique_id,
        "file_size": kept.size,
    }
    return request.send({"document": document} | request.words("caption", MAX_CAPTION))


@method("sendPhoto")
async def send_photo(request: Request) -> Json:
    """A picture."""
    request.open_chat()
    kept = _uploaded(request, "photo", MOST_PHOTO)
    content: Json = {"photo": photo_sizes(kept)}
    return request.send(content | request.words("caption", MAX_CAPTION))


@method("getFile")
async def get_file(request: Request) -> Json:
    """Where a file can be downloaded; nothing above 20 MB can."""
    kept = request.bot.files.get(request.params.text("file_id"))
    if kept is None:
        raise Refused(400, "invalid file_id")
    if kept.size > MOST_DOWNLOAD:
        raise Refused(400, "file is too big")
    return {
        "file_id": kept.id,
        "file_unique_id": kept.unique_id,
        "file_size": kept.size,
        "file_path": kept.path,
    }
