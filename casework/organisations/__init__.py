"""The union tree, regions, and whose calendar an office keeps."""
