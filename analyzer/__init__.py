"""Finds third-party trackers in the source of healthcare websites and in tag-manager containers."""

__version__ = "0.1.0"
