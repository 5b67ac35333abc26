"""The course's questions as other systems import them."""
