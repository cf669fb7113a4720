"""What waits: message streams, the operator pool and the callers in line."""
