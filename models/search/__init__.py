"""Finding an item of the guide from the few characters someone types on a phone."""

from models.search.index import GuideIndex, Hit, Indexable, Span

__all__ = ["GuideIndex", "Hit", "Indexable", "Span"]
