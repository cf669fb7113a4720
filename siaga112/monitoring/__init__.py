"""What the program does by itself to know that its telephone line works."""
