-- What an automation is for, in the words of its owner.
ALTER TABLE automations ADD COLUMN description TEXT NOT NULL DEFAULT '';
