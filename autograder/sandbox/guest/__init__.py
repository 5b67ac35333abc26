"""All that runs beside a submission, inside the sandbox. It holds nothing of the course and no score."""
