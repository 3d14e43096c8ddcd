"""Words every stage needs: errors, verdicts, the clock, identifiers. No models, no Django."""
