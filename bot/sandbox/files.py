"""Files Telegram keeps, and how the Bot API describes them."""

import struct
from typing import TYPE_CHECKING, Any, Final

from .cast import StoredFile

if TYPE_CHECKING:
    from .world import Bot, World

Json = dict[str, Any]

#: kind of message -> folder of its files
FOLDERS: Final = {"photo": "photos", "voice": "voice", "video": "videos", "sticker": "stickers"}
PNG: Final = b"\x89PNG\r\n\x1a\n"
PNG_SIZE: Final = slice(16, 24)


def store(  # noqa: PLR0913 - what a file is
    world: "World",
    bot: "Bot",
    name: str,
    content: bytes,
    mime: str,
    *,
    kind: str = "document",
    size: int | None = None,
) -> StoredFile:
    """Keep a file; its id is opaque, its path ends like its name."""
    number = world.number()
    suffix = name.rpartition(".")[2] if "." in name else "bin"
    path = f"{FOLDERS.get(kind, 'documents')}/file_{number}.{suffix}"
    claimed = len(content) if size is None else size
    kept = StoredFile(f"SBX{number}", f"U{number}", path, name, content, mime, claimed)
    bot.files[kept.id] = kept
    return kept


def photo_sizes(kept: StoredFile) -> list[Json]:
    """A photo as Telegram describes it: here in one size only."""
    width, height = 320, 240
    if kept.content.startswith(PNG) and len(kept.content) >= PNG_SIZE.stop:
        width, height = struct.unpack(">II", kept.content[PNG_SIZE])
    return [_file(kept) | {"width": width, "height": height}]


def _file(kept: StoredFile) -> Json:
    return {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": kept.size}


def described(kept: StoredFile, kind: str) -> Json:
    """The part of a Message that says which file it carries."""
    if kind == "photo":
        return {"photo": photo_sizes(kept)}
    facts: Json = _file(kept) | {"mime_type": kept.mime}
    if kind == "voice":
        return {"voice": facts | {"duration": 3}}
    if kind == "video":
        video = facts | {"file_name": kept.name, "width": 640, "height": 360, "duration": 3}
        return {"video": video}
    if kind == "sticker":
        look = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        return {"sticker": _file(kept) | look | {"width": 512, "height": 512}}
    return {"document": facts | {"file_name": kept.name}}
