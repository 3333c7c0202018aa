"""Rendered number plates for training: national layouts, true glyph shapes, and what cameras do to them."""
