-- From a clip that a person holds to the guides that say it, without a look at every clip of every guide.
CREATE INDEX clips_by_blob ON clips (blob);
CREATE INDEX guide_clips_by_clip ON guide_clips (clip);
