"""Fairdraw（阳光双随机）: 双随机、一公开 for a whole year, with draws that anybody can recheck."""

__version__ = "0.1.0"
