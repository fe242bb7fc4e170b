"""Measurements, to be read by a person."""
