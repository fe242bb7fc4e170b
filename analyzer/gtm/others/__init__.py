"""Containers of other tag managers, each told in the shape of a Tag Manager export.

A module of this folder says whether a file `looks_like` one of its containers, by a few searches,
and will `read` it. What it cannot know from the file it leaves open, so that nothing is silent.
"""
