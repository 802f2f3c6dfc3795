"""How a region's team reads a sheet before it is published."""
