-- From the schema of Mattermost 10.5 (version 127) to the baseline, version by
-- version. A step leaves alone what is there already and ends in the columns,
-- in this order, that the baseline has. The marker lines split the steps.

-- step 128 create_scheduled_posts
CREATE TABLE IF NOT EXISTS scheduledposts (
    id character varying(26) NOT NULL,
    createat bigint,
    updateat bigint,
    userid character varying(26) NOT NULL,
    channelid character varying(26) NOT NULL,
    rootid character varying(26),
    message character varying(65535),
    props character varying(8000),
    fileids character varying(300),
    priority text,
    scheduledat bigint NOT NULL,
    processedat bigint,
    errorcode character varying(200),
    CONSTRAINT scheduledposts_pkey PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_scheduledposts_userid_channel_id_scheduled_at ON scheduledposts USING btree (userid, channelid, scheduledat);

-- step 129 add_property_system_architecture
DO $$ BEGIN
    CREATE TYPE property_field_type AS ENUM ('text', 'select', 'multiselect', 'date', 'user', 'multiuser');
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE IF NOT EXISTS propertygroups (
    id character varying(26) NOT NULL,
    name character varying(64) NOT NULL,
    CONSTRAINT propertygroups_name_key UNIQUE (name),
    CONSTRAINT propertygroups_pkey PRIMARY KEY (id)
);
CREATE TABLE IF NOT EXISTS propertyfields (
    id character varying(26) NOT NULL,
    groupid character varying(26) NOT NULL,
    name character varying(255) NOT NULL,
    type property_field_type,
    attrs jsonb,
    targetid character varying(255),
    targettype character varying(255),
    createat bigint NOT NULL,
    updateat bigint NOT NULL,
    deleteat bigint NOT NULL,
    CONSTRAINT propertyfields_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_propertyfields_unique ON propertyfields USING btree (groupid, targetid, name) WHERE deleteat = 0;
CREATE TABLE IF NOT EXISTS propertyvalues (
    id character varying(26) NOT NULL,
    targetid character varying(255) NOT NULL,
    targettype character varying(255) NOT NULL,
    groupid character varying(26) NOT NULL,
    fieldid character varying(26) NOT NULL,
    value jsonb NOT NULL,
    createat bigint NOT NULL,
    updateat bigint NOT NULL,
    deleteat bigint NOT NULL,
    CONSTRAINT propertyvalues_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_propertyvalues_unique ON propertyvalues USING btree (groupid, targetid, fieldid) WHERE deleteat = 0;
CREATE INDEX IF NOT EXISTS idx_propertyvalues_targetid_groupid ON propertyvalues USING btree (targetid, groupid);

-- step 130 system_console_stats
CREATE MATERIALIZED VIEW IF NOT EXISTS posts_by_team_day AS
    SELECT CAST(to_timestamp(p.createat / 1000) AS date) AS day, count(*) AS num, c.teamid
    FROM posts p JOIN channels c ON c.id = p.channelid
    GROUP BY c.teamid, CAST(to_timestamp(p.createat / 1000) AS date);
CREATE MATERIALIZED VIEW IF NOT EXISTS bot_posts_by_team_day AS
    SELECT CAST(to_timestamp(p.createat / 1000) AS date) AS day, count(*) AS num, c.teamid
    FROM posts p JOIN bots b ON b.userid = p.userid JOIN channels c ON c.id = p.channelid
    GROUP BY c.teamid, CAST(to_timestamp(p.createat / 1000) AS date);
CREATE MATERIALIZED VIEW IF NOT EXISTS file_stats AS
    SELECT count(*) AS num, coalesce(sum(size), 0) AS usage FROM fileinfo WHERE deleteat = 0;

-- step 131 create_index_pagination_on_property_values
CREATE INDEX IF NOT EXISTS idx_propertyvalues_create_at_id ON propertyvalues USING btree (createat, id);

-- step 132 create_index_pagination_on_property_fields
CREATE INDEX IF NOT EXISTS idx_propertyfields_create_at_id ON propertyfields USING btree (createat, id);

-- step 133 add_channel_banner_fields
ALTER TABLE channels
    ADD COLUMN IF NOT EXISTS bannerinfo jsonb;

-- step 134 create_access_control_policies
CREATE TABLE IF NOT EXISTS accesscontrolpolicies (
    id character varying(26) NOT NULL,
    name character varying(128) NOT NULL,
    type character varying(128) NOT NULL,
    active boolean NOT NULL,
    createat bigint NOT NULL,
    revision integer NOT NULL,
    version character varying(8) NOT NULL,
    data jsonb,
    props jsonb,
    CONSTRAINT accesscontrolpolicies_pkey PRIMARY KEY (id)
);
CREATE TABLE IF NOT EXISTS accesscontrolpolicyhistory (
    id character varying(26) NOT NULL,
    name character varying(128) NOT NULL,
    type character varying(128) NOT NULL,
    createat bigint NOT NULL,
    revision integer NOT NULL,
    version character varying(8) NOT NULL,
    data jsonb,
    props jsonb,
    CONSTRAINT accesscontrolpolicyhistory_pkey PRIMARY KEY (id, revision)
);

-- step 135 sidebarchannels_categoryid
CREATE INDEX IF NOT EXISTS idx_sidebarchannels_categoryid ON sidebarchannels USING btree (categoryid);

-- step 136 create_attribute_view
CREATE MATERIALIZED VIEW IF NOT EXISTS attributeview AS
    SELECT v.groupid, v.targetid, v.targettype, jsonb_object_agg(f.name, v.value) AS attributes
    FROM propertyvalues v JOIN propertyfields f ON f.id = v.fieldid AND f.deleteat = 0
    WHERE v.deleteat = 0 GROUP BY v.groupid, v.targetid, v.targettype;

-- step 137 update_attribute_view
DROP MATERIALIZED VIEW IF EXISTS attributeview;
CREATE MATERIALIZED VIEW IF NOT EXISTS attributeview AS
    SELECT v.groupid, v.targetid, v.targettype, jsonb_object_agg(f.name, v.value) AS attributes
    FROM propertyvalues v JOIN propertyfields f ON f.id = v.fieldid AND f.deleteat = 0
    WHERE v.deleteat = 0 GROUP BY v.groupid, v.targetid, v.targettype;

-- step 138 add_default_category_name_to_channel
ALTER TABLE channels
    ADD COLUMN IF NOT EXISTS defaultcategoryname character varying(64) DEFAULT ''::character varying NOT NULL;

-- step 139 remoteclusters_add_last_global_user_sync_at
ALTER TABLE remoteclusters
    ADD COLUMN IF NOT EXISTS lastglobalusersyncat bigint DEFAULT 0;

-- step 140 add_lastmemberssyncat_to_sharedchannelremotes
ALTER TABLE sharedchannelremotes
    ADD COLUMN IF NOT EXISTS lastmemberssyncat bigint DEFAULT 0;
ALTER TABLE sharedchannelusers
    ADD COLUMN IF NOT EXISTS lastmembershipsyncat bigint DEFAULT 0;

-- step 141 add_remoteid_channelid_to_post_acknowledgements
ALTER TABLE postacknowledgements
    ADD COLUMN IF NOT EXISTS remoteid character varying(26) DEFAULT ''::character varying,
    ADD COLUMN IF NOT EXISTS channelid character varying(26) DEFAULT ''::character varying;

-- step 142 create_content_flagging_tables
CREATE TABLE IF NOT EXISTS contentflaggingcommonreviewers (
    userid character varying(26) NOT NULL,
    CONSTRAINT contentflaggingcommonreviewers_pkey PRIMARY KEY (userid)
);
CREATE TABLE IF NOT EXISTS contentflaggingteamsettings (
    teamid character varying(26) NOT NULL,
    enabled boolean,
    CONSTRAINT contentflaggingteamsettings_pkey PRIMARY KEY (teamid)
);
CREATE TABLE IF NOT EXISTS contentflaggingteamreviewers (
    teamid character varying(26) NOT NULL,
    userid character varying(26) NOT NULL,
    CONSTRAINT contentflaggingteamreviewers_pkey PRIMARY KEY (teamid, userid)
);

-- step 143 content_flagging_table_index
CREATE INDEX IF NOT EXISTS idx_contentflaggingteamreviewers_userid ON contentflaggingteamreviewers USING btree (userid);

-- step 144 add_dcr_fields_to_oauth_apps
ALTER TABLE oauthapps
    ADD COLUMN IF NOT EXISTS isdynamicallyregistered boolean DEFAULT false;

-- step 145 add_pkce_to_oauthauthdata
ALTER TABLE oauthauthdata
    ADD COLUMN IF NOT EXISTS codechallenge character varying(128) DEFAULT ''::character varying,
    ADD COLUMN IF NOT EXISTS codechallengemethod character varying(10) DEFAULT ''::character varying;

-- step 146 add_audience_and_resource_to_oauth
ALTER TABLE oauthauthdata
    ADD COLUMN IF NOT EXISTS resource character varying(512) DEFAULT ''::character varying;
ALTER TABLE oauthaccessdata
    ADD COLUMN IF NOT EXISTS audience character varying(512) DEFAULT ''::character varying;

-- step 147 create_autotranslation_tables
ALTER TABLE channels
    ADD COLUMN IF NOT EXISTS autotranslation boolean DEFAULT false NOT NULL;
ALTER TABLE channelmembers
    ADD COLUMN IF NOT EXISTS autotranslation boolean DEFAULT false NOT NULL;
CREATE INDEX IF NOT EXISTS idx_channels_autotranslation_enabled ON channels USING btree (id) WHERE autotranslation = true;
CREATE INDEX IF NOT EXISTS idx_channelmembers_autotranslation_enabled ON channelmembers USING btree (channelid) WHERE autotranslation = true;
CREATE TABLE IF NOT EXISTS translations (
    objectid character varying(26) NOT NULL,
    dstlang character varying NOT NULL,
    objecttype character varying NOT NULL,
    providerid character varying NOT NULL,
    normhash character(64) NOT NULL,
    text text NOT NULL,
    confidence real,
    meta jsonb,
    updateat bigint NOT NULL,
    CONSTRAINT translations_pkey PRIMARY KEY (objectid, dstlang)
);

-- step 148 add_burn_on_read_messages
CREATE TABLE IF NOT EXISTS readreceipts (
    postid character varying(26) NOT NULL,
    userid character varying(26) NOT NULL,
    expireat bigint NOT NULL,
    CONSTRAINT readreceipts_pkey PRIMARY KEY (postid, userid)
);
CREATE INDEX IF NOT EXISTS idx_read_receipts_post_id ON readreceipts USING btree (postid);
CREATE INDEX IF NOT EXISTS idx_read_receipts_user_id_post_id_expire_at ON readreceipts USING btree (userid, postid, expireat);
CREATE TABLE IF NOT EXISTS temporaryposts (
    postid character varying(26) NOT NULL,
    type character varying(26) NOT NULL,
    expireat bigint NOT NULL,
    message character varying(65535),
    fileids character varying(300),
    CONSTRAINT temporaryposts_pkey PRIMARY KEY (postid)
);
CREATE INDEX IF NOT EXISTS idx_temporary_posts_expire_at ON temporaryposts USING btree (expireat);
ALTER TABLE drafts
    ADD COLUMN IF NOT EXISTS type text;
ALTER TABLE scheduledposts
    ADD COLUMN IF NOT EXISTS type text;

-- step 149 create_recaps
CREATE TABLE IF NOT EXISTS recaps (
    id character varying(26) NOT NULL,
    userid character varying(26) NOT NULL,
    title character varying(255) NOT NULL,
    createat bigint NOT NULL,
    updateat bigint NOT NULL,
    deleteat bigint NOT NULL,
    totalmessagecount integer NOT NULL,
    status character varying(32) NOT NULL,
    readat bigint DEFAULT 0 NOT NULL,
    botid character varying(26) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT recaps_pkey PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_recaps_bot_id ON recaps USING btree (botid);
CREATE INDEX IF NOT EXISTS idx_recaps_create_at ON recaps USING btree (createat);
CREATE INDEX IF NOT EXISTS idx_recaps_user_id ON recaps USING btree (userid);
CREATE INDEX IF NOT EXISTS idx_recaps_user_id_delete_at ON recaps USING btree (userid, deleteat);
CREATE INDEX IF NOT EXISTS idx_recaps_user_id_read_at ON recaps USING btree (userid, readat);
CREATE TABLE IF NOT EXISTS recapchannels (
    id character varying(26) NOT NULL,
    recapid character varying(26) NOT NULL,
    channelid character varying(26) NOT NULL,
    channelname character varying(64) NOT NULL,
    highlights text,
    actionitems text,
    sourcepostids text,
    createat bigint NOT NULL,
    CONSTRAINT recapchannels_pkey PRIMARY KEY (id),
    CONSTRAINT recapchannels_recapid_fkey FOREIGN KEY (recapid) REFERENCES recaps (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_recap_channels_channel_id ON recapchannels USING btree (channelid);
CREATE INDEX IF NOT EXISTS idx_recap_channels_recap_id ON recapchannels USING btree (recapid);

-- step 150 add_translation_state
ALTER TABLE translations ADD COLUMN IF NOT EXISTS state character varying(20);
UPDATE translations SET state = 'ready' WHERE state IS NULL;
ALTER TABLE translations ALTER COLUMN state SET NOT NULL, ALTER COLUMN state DROP DEFAULT;
CREATE INDEX IF NOT EXISTS idx_translations_state ON translations USING btree (state) WHERE state::text = 'processing'::text;

-- step 151 add_autotranslationdisabled_to_channelmembers
ALTER TABLE channelmembers
    ADD COLUMN IF NOT EXISTS autotranslationdisabled boolean DEFAULT false NOT NULL;

-- step 152 translations_primary_key_change
UPDATE translations SET objecttype = 'post' WHERE objecttype IS NULL;
ALTER TABLE translations ALTER COLUMN objecttype SET NOT NULL, ALTER COLUMN objecttype DROP DEFAULT;
ALTER TABLE translations DROP CONSTRAINT IF EXISTS translations_pkey;
ALTER TABLE translations ADD CONSTRAINT translations_pkey PRIMARY KEY (objectid, objecttype, dstlang);

-- step 153 add_translation_channel_id
ALTER TABLE translations
    ADD COLUMN IF NOT EXISTS channelid character varying(26);
UPDATE translations t SET channelid = p.channelid
    FROM posts p WHERE t.channelid IS NULL AND t.objecttype = 'post' AND p.id = t.objectid;

-- step 154 drop_translation_updateat_index
DROP INDEX IF EXISTS idx_translations_updateat;
DROP INDEX IF EXISTS idx_translations_update_at;

-- step 155 create_translation_channel_updateat_index
CREATE INDEX IF NOT EXISTS idx_translations_channel_updateat ON translations USING btree (channelid, objecttype, updateat DESC, dstlang);

-- step 156 add_schemeid_to_roles
ALTER TABLE roles
    ADD COLUMN IF NOT EXISTS schemeid character varying(26);

-- step 157 backfill_roles_schemeid
UPDATE roles r SET schemeid = s.id FROM schemes s
    WHERE r.schemeid IS NULL AND s.deleteat = 0 AND r.name IN (
        s.defaultteamadminrole, s.defaultteamuserrole, s.defaultteamguestrole,
        s.defaultchanneladminrole, s.defaultchanneluserrole, s.defaultchannelguestrole,
        s.defaultplaybookadminrole, s.defaultplaybookmemberrole, s.defaultrunadminrole, s.defaultrunmemberrole)
    AND r.name <> '';

-- step 158 add_roles_schemeid_index
CREATE INDEX IF NOT EXISTS idx_roles_scheme_id ON roles USING btree (schemeid);

-- step 159 deduplicate_policy_names
UPDATE accesscontrolpolicies p SET name = left(p.name, 101) || '-' || p.id
    WHERE p.type = 'parent' AND EXISTS (SELECT 1 FROM accesscontrolpolicies q
        WHERE q.type = 'parent' AND q.name = p.name AND (q.createat, q.id) < (p.createat, p.id));
CREATE UNIQUE INDEX IF NOT EXISTS idx_accesscontrolpolicies_name_type ON accesscontrolpolicies USING btree (name, type) WHERE type::text = 'parent'::text;
