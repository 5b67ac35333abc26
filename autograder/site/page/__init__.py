"""What every page of a site is made of: records, the layout, texts of the course, plots, and writing it."""
