"""Finding an item of the guide from the few characters someone types on a phone."""

from models.search.entry import Indexable
from models.search.highlight import Span
from models.search.index import GuideIndex, Hit

__all__ = ["GuideIndex", "Hit", "Indexable", "Span"]
