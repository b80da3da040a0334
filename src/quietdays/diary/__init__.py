"""What was seen: spasm clusters, other seizures, observation, check-ins, illness, measurements."""
