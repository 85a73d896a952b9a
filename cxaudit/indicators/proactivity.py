"""Does the organisation speak first? Nothing of it can be measured from tickets and surveys."""
