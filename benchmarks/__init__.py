"""What the gateway costs and how fast it is, measured beside what others use. `make bench`, docs/benchmarks.md."""
