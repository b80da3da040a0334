"""What is known about the diet and infantile spasms: graded, dated, each with its source."""
