-- Blobs that are being written and that no row of fileinfo names yet, or that
-- none names any more. The files slice removes each once its time (Unix ms) has
-- come, unless the transaction that names it took it off the list.
CREATE TABLE parley_loose_blobs (
    path VARCHAR(512) NOT NULL,
    removeat BIGINT NOT NULL,
    CONSTRAINT parley_loose_blobs_pkey PRIMARY KEY (path)
);
CREATE INDEX parley_loose_blobs_removeat ON parley_loose_blobs (removeat);
-- The pieces that have arrived of uploads in parts: blobs, in the order of the
-- place that each begins at in the file.
CREATE TABLE parley_upload_parts (
    uploadid VARCHAR(26) NOT NULL,
    startat BIGINT NOT NULL,
    path VARCHAR(512) NOT NULL,
    CONSTRAINT parley_upload_parts_pkey PRIMARY KEY (uploadid, startat)
);
