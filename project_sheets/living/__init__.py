"""How a published sheet stays true: confirmations, reminders, corrections that readers propose."""
