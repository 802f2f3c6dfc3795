"""How the people who look after a sheet write it: step by step, in “My sheets”."""
