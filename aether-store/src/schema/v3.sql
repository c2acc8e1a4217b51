-- Levels of terms follow another scale: facts of no version empty the store when it is opened.
UPDATE state SET facts_version = 0;
