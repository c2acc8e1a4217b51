//! `.aether/config.toml`: text in, a value and warnings out. Reading the file is the caller's part.

use serde::Serialize;
use toml::{Table, Value};

use super::{ErrorCode, IndexLimits};

/// The configuration of one workspace; every field has a default.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Config {
    /// Section `[index]`.
    pub index: IndexConfig,
    /// Section `[search]`.
    pub search: SearchConfig,
    /// Section `[embeddings]`.
    pub embeddings: EmbeddingsConfig,
    /// Section `[storage]`.
    pub storage: StorageConfig,
    /// Section `[verify]`.
    pub verify: VerifyConfig,
    /// Section `[policy]`.
    pub policy: PolicySection,
}

/// Section `[index]`: what is read into the index.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IndexConfig {
    /// `max_file_bytes`, `max_files`.
    pub limits: IndexLimits,
    /// `exclude`: folder names that are skipped wherever they stand, on top of the built-in list.
    pub exclude: Vec<String>,
    /// `threads`: worker threads, 0 for one per core. Default 0.
    pub threads: u32,
    /// `debounce_ms`: how long files must rest before a watched change is taken in, 1 to 60,000
    /// milliseconds. Default 300.
    pub debounce_ms: u32,
}

impl Default for IndexConfig {
    fn default() -> Self {
        Self { limits: IndexLimits::default(), exclude: Vec::new(), threads: 0, debounce_ms: 300 }
    }
}

/// Section `[search]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchConfig {
    /// `limit`: hits per answer, 1 to 1,000. Default 20.
    pub limit: u32,
    /// `mode`: `lexical`, `semantic` or `hybrid`. Default `lexical`.
    pub mode: String,
}

impl Default for SearchConfig {
    fn default() -> Self {
        Self { limit: 20, mode: SEARCH_MODES[0].to_owned() }
    }
}

/// Ways to search, the default first.
const SEARCH_MODES: [&str; 3] = ["lexical", "semantic", "hybrid"];

/// Section `[embeddings]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmbeddingsConfig {
    /// `provider`: `latent`, which learns from the repository, or `hashing`, which learns nothing. Default
    /// `latent`.
    pub provider: String,
}

impl Default for EmbeddingsConfig {
    fn default() -> Self {
        Self { provider: EMBEDDERS[0].to_owned() }
    }
}

/// Embedders, the default first.
const EMBEDDERS: [&str; 2] = ["latent", "hashing"];

/// Section `[storage]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StorageConfig {
    /// `busy_timeout_ms`: how long a writer waits for another, in milliseconds. Default 5,000.
    pub busy_timeout_ms: u32,
    /// `mirror_records`: whether semantic records are copied to `.aether/sir`, one JSON file a symbol. Default
    /// false.
    pub mirror_records: bool,
    /// `record_history`: whether an update of a folder that git does not keep adds what changed its meaning
    /// to the history. Default true.
    pub record_history: bool,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self { busy_timeout_ms: 5_000, mirror_records: false, record_history: true }
    }
}

/// Section `[verify]`: what proves a change, and where it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VerifyConfig {
    /// `mode`: `host`, `docker` (or `container`), `microvm` or `kubernetes`. Default `host`.
    pub mode: String,
    /// `fallback`: where commands run when that mode is not there: another mode, or `none`, so that they do not run
    /// at all. Default `none`.
    pub fallback: String,
    /// `commands`: what is run. Default `cargo check`, `cargo test` and `cargo clippy -- -D warnings`.
    pub commands: Vec<String>,
    /// `formatter`: what formats the files that a patch changed, once it is applied; empty for nothing. Default
    /// `cargo fmt`.
    pub formatter: String,
    /// `timeout_ms`: longest time of one command, 1,000 to 86,400,000 milliseconds. Default 600,000.
    pub timeout_ms: u64,
    /// `reruns`: how often tests are run again at most when some of them fail, 0 to 20. Default 2.
    pub reruns: u32,
    /// Section `[verify.container]`.
    pub container: ContainerConfig,
    /// Section `[verify.kubernetes]`.
    pub kubernetes: KubernetesConfig,
}

impl VerifyConfig {
    /// The value of `fallback` that stands for none.
    pub const NO_FALLBACK: &'static str = "none";
}

impl Default for VerifyConfig {
    fn default() -> Self {
        Self {
            mode: VERIFY_MODES[0].to_owned(),
            fallback: Self::NO_FALLBACK.to_owned(),
            commands: ["cargo check", "cargo test", "cargo clippy -- -D warnings"]
                .map(str::to_owned)
                .to_vec(),
            formatter: "cargo fmt".to_owned(),
            timeout_ms: 600_000,
            reruns: 2,
            container: ContainerConfig::default(),
            kubernetes: KubernetesConfig::default(),
        }
    }
}

/// Where commands run, the default first.
const VERIFY_MODES: [&str; 5] = ["host", "docker", "container", "microvm", "kubernetes"];

/// What may follow a mode that is not there, the default first.
const FALLBACKS: [&str; 6] =
    [VerifyConfig::NO_FALLBACK, "host", "docker", "container", "microvm", "kubernetes"];

/// Section `[verify.container]`: the containers of the mode `docker`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContainerConfig {
    /// `image`: the image that commands run in, which has to be there: none is fetched. Default
    /// `docker.io/library/rust:1.95`, which has the compiler, cargo and a linker, and no clippy.
    pub image: String,
}

impl Default for ContainerConfig {
    fn default() -> Self {
        Self { image: "docker.io/library/rust:1.95".to_owned() }
    }
}

/// Section `[verify.kubernetes]`: the jobs of the mode `kubernetes`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct KubernetesConfig {
    /// `namespace`: the namespace in which jobs are made. Default `default`.
    pub namespace: String,
    /// `image`: the image that commands run in, which the nodes have or fetch. Default
    /// `docker.io/library/rust:1.95`.
    pub image: String,
    /// `context`: the context of the client's own configuration; empty for its current one. Default empty.
    pub context: String,
    /// `network_policy_enforced`: whether the cluster puts network policies in force. Only where it does can commands
    /// that may not reach the network be run. Default false.
    pub network_policy_enforced: bool,
}

impl Default for KubernetesConfig {
    fn default() -> Self {
        Self {
            namespace: "default".to_owned(),
            image: ContainerConfig::default().image,
            context: String::new(),
            network_policy_enforced: false,
        }
    }
}

/// Section `[policy]`: what may be done without asking.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PolicySection {
    /// `preset`: `observer`, `assistant`, `operator` or `power_user`. Default `operator`.
    pub preset: String,
    /// `profile`: `strict`, or `relaxed`, where thresholds may be looser than the defaults. Default `strict`.
    pub profile: String,
    /// `max_changed_lines`: most lines that a patch may change, 1 to 1,000,000. Default 20; more needs the profile
    /// `relaxed`.
    pub max_changed_lines: u32,
    /// `refuse_warnings`: whether a patch with a new warning is refused. Default false.
    pub refuse_warnings: bool,
    /// `offline`: whether everything that goes to the network is denied, whatever was granted. Default false.
    pub offline: bool,
}

impl Default for PolicySection {
    fn default() -> Self {
        Self {
            preset: PRESETS[0].to_owned(),
            profile: PROFILES[0].to_owned(),
            max_changed_lines: 20,
            refuse_warnings: false,
            offline: false,
        }
    }
}

/// Presets, the default first.
const PRESETS: [&str; 4] = ["operator", "observer", "assistant", "power_user"];
/// Profiles, the default first.
const PROFILES: [&str; 2] = ["strict", "relaxed"];

/// Something in the file that was not taken as written.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConfigWarning {
    /// [`ErrorCode::CONFIG_UNKNOWN_KEY`] or [`ErrorCode::CONFIG_BAD_VALUE`].
    pub code: ErrorCode,
    /// The dotted key, such as `search.limit`.
    pub key: String,
    /// What is wrong and what was done instead.
    pub message: String,
}

/// The file is not TOML.
#[derive(Debug, thiserror::Error)]
#[error("configuration is not valid TOML: {message}")]
pub struct ConfigError {
    message: String,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// The text is not TOML.
    Syntax,
}

impl ConfigError {
    fn new(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
        let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
        Self { message: format!("line {line}: {}", error.message()) }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ConfigErrorKind {
        ConfigErrorKind::Syntax
    }
}

/// Sections that later parts of Aether read; their keys are not judged here.
const RESERVED_SECTIONS: [&str; 2] = ["inference", "memory"];

impl Config {
    /// The file that is written where there is none: every key with its default, commented out.
    pub const TEMPLATE: &'static str = "\
# Configuration of Aether for this workspace. Every key is optional; what is shown is the default.
# Unknown keys and unusable values are reported by `aether doctor` and otherwise ignored.

[index]
# Largest file that is parsed, in bytes.
# max_file_bytes = 2097152
# Most files of one repository.
# max_files = 500000
# Folder names to skip, on top of .gitignore and the built-in list (target, node_modules, vendor, ...).
# exclude = []
# Worker threads; 0 for one per core.
# threads = 0
# How long files must rest before `aether index --watch` takes a change in, in milliseconds, 1 to 60000.
# debounce_ms = 300

[search]
# Hits per answer, 1 to 1000.
# limit = 20
# How to search: by words (lexical), by meaning (semantic), or by both (hybrid).
# mode = \"lexical\"

[embeddings]
# What makes the vectors of search by meaning: latent learns from the repository, hashing learns nothing.
# provider = \"latent\"

[storage]
# How long a writer waits for another one, in milliseconds.
# busy_timeout_ms = 5000
# Whether semantic records are copied to .aether/sir, one JSON file for each symbol.
# mirror_records = false
# Whether updates of a folder that git does not keep add what changed its meaning to the history.
# record_history = true

[verify]
# Where commands run: host, in a sandbox of the system; docker; microvm; kubernetes.
# mode = \"host\"
# Where they run when that is not there: another mode, or none.
# fallback = \"none\"
# What proves a change. Checks and tests block; linters and formatters only tell.
# commands = [\"cargo check\", \"cargo test\", \"cargo clippy -- -D warnings\"]
# What formats the files that a patch changed, once it is applied; empty for nothing.
# formatter = \"cargo fmt\"
# Longest time of one command, in milliseconds.
# timeout_ms = 600000
# How often tests are run again at most when some of them fail, to tell those that fail only sometimes.
# reruns = 2

[verify.container]
# The image that commands run in; it has to be there, none is fetched.
# image = \"docker.io/library/rust:1.95\"

[verify.kubernetes]
# The namespace in which jobs are made.
# namespace = \"default\"
# The image that commands run in; the nodes have it or fetch it.
# image = \"docker.io/library/rust:1.95\"
# The context of the client's own configuration; empty for its current one.
# context = \"\"
# Whether the cluster puts network policies in force. Unless it does, commands that may not reach the network are refused.
# network_policy_enforced = false

[policy]
# Who may do what: observer changes nothing, assistant asks for each task, operator asks about what is deleted
# and about files that run at build, power_user may install packages.
# preset = \"operator\"
# strict, or relaxed, where thresholds may be looser than the defaults; answers say which.
# profile = \"strict\"
# Most lines that a patch may change; more than 20 needs the profile relaxed.
# max_changed_lines = 20
# Whether a patch with a new warning is refused.
# refuse_warnings = false
# Whether everything that goes to the network is denied, whatever was granted.
# offline = false
";

    /// Reads the text of a configuration file.
    ///
    /// Unknown keys and unusable values become warnings, never errors: a file written for a newer
    /// version still works.
    ///
    /// # Errors
    ///
    /// [`ConfigErrorKind::Syntax`] when the text is not TOML.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::Config;
    /// let (config, warnings) = Config::parse("[search]\nlimit = 5\ncolour = true\n")?;
    /// assert_eq!(config.search.limit, 5);
    /// assert_eq!(warnings[0].key, "search.colour");
    /// # Ok::<(), aether_core::base::ConfigError>(())
    /// ```
    pub fn parse(text: &str) -> Result<(Self, Vec<ConfigWarning>), ConfigError> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::new(text, &error))?;
        let mut config = Self::default();
        let mut reader = Reader::default();
        for (section, value) in &table {
            let Value::Table(keys) = value else {
                reader.unknown(section);
                continue;
            };
            for (key, value) in keys {
                let path = format!("{section}.{key}");
                match path.as_str() {
                    "index.max_file_bytes" => {
                        reader.integer(
                            &path,
                            value,
                            1,
                            u64::from(u32::MAX),
                            &mut config.index.limits.max_file_bytes,
                        );
                    }
                    "index.max_files" => {
                        reader.integer(
                            &path,
                            value,
                            1,
                            u64::from(u32::MAX),
                            &mut config.index.limits.max_files,
                        );
                    }
                    "index.threads" => reader.integer(&path, value, 0, 1024, &mut config.index.threads),
                    "index.debounce_ms" => {
                        reader.integer(&path, value, 1, 60_000, &mut config.index.debounce_ms);
                    }
                    "index.exclude" => reader.folder_names(&path, value, &mut config.index.exclude),
                    "search.mode" => reader.choice(&path, value, &SEARCH_MODES, &mut config.search.mode),
                    "search.limit" => reader.integer(&path, value, 1, 1000, &mut config.search.limit),
                    "embeddings.provider" => {
                        reader.choice(&path, value, &EMBEDDERS, &mut config.embeddings.provider);
                    }
                    "storage.busy_timeout_ms" => {
                        reader.integer(&path, value, 0, 600_000, &mut config.storage.busy_timeout_ms);
                    }
                    "storage.mirror_records" => {
                        reader.flag(&path, value, &mut config.storage.mirror_records);
                    }
                    "storage.record_history" => {
                        reader.flag(&path, value, &mut config.storage.record_history);
                    }
                    "verify.mode" => reader.choice(&path, value, &VERIFY_MODES, &mut config.verify.mode),
                    "verify.fallback" => {
                        reader.choice(&path, value, &FALLBACKS, &mut config.verify.fallback);
                    }
                    "verify.container" => reader.container(&path, value, &mut config.verify.container),
                    "verify.kubernetes" => reader.kubernetes(&path, value, &mut config.verify.kubernetes),
                    "verify.commands" => reader.texts(&path, value, &mut config.verify.commands),
                    "verify.formatter" => reader.text(&path, value, &mut config.verify.formatter),
                    "verify.timeout_ms" => {
                        reader.integer(&path, value, 1_000, 86_400_000, &mut config.verify.timeout_ms);
                    }
                    "verify.reruns" => reader.integer(&path, value, 0, 20, &mut config.verify.reruns),
                    "policy.preset" => reader.choice(&path, value, &PRESETS, &mut config.policy.preset),
                    "policy.profile" => reader.choice(&path, value, &PROFILES, &mut config.policy.profile),
                    "policy.max_changed_lines" => {
                        reader.integer(&path, value, 1, 1_000_000, &mut config.policy.max_changed_lines);
                    }
                    "policy.refuse_warnings" => {
                        reader.flag(&path, value, &mut config.policy.refuse_warnings);
                    }
                    "policy.offline" => reader.flag(&path, value, &mut config.policy.offline),
                    _ if RESERVED_SECTIONS.contains(&section.as_str()) => {}
                    _ => reader.unknown(&path),
                }
            }
        }
        Ok((config, reader.warnings))
    }
}

#[derive(Default)]
struct Reader {
    warnings: Vec<ConfigWarning>,
}

impl Reader {
    fn unknown(&mut self, key: &str) {
        self.warnings.push(ConfigWarning {
            code: ErrorCode::CONFIG_UNKNOWN_KEY,
            key: key.to_owned(),
            message: "nothing reads this key".to_owned(),
        });
    }

    fn bad(&mut self, key: &str, wanted: &str) {
        self.warnings.push(ConfigWarning {
            code: ErrorCode::CONFIG_BAD_VALUE,
            key: key.to_owned(),
            message: format!("expected {wanted}; the default is used"),
        });
    }

    fn integer<T: TryFrom<u64>>(&mut self, key: &str, value: &Value, min: u64, max: u64, out: &mut T) {
        let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
        match number.filter(|number| (min..=max).contains(number)).map(T::try_from) {
            Some(Ok(number)) => *out = number,
            _ => self.bad(key, &format!("a whole number from {min} to {max}")),
        }
    }

    fn flag(&mut self, key: &str, value: &Value, out: &mut bool) {
        match value.as_bool() {
            Some(flag) => *out = flag,
            None => self.bad(key, "true or false"),
        }
    }

    fn choice(&mut self, key: &str, value: &Value, known: &[&str], out: &mut String) {
        match value.as_str().filter(|text| known.contains(text)) {
            Some(text) => text.clone_into(out),
            None => self.bad(key, &format!("one of {}", known.join(", "))),
        }
    }

    fn container(&mut self, section: &str, value: &Value, out: &mut ContainerConfig) {
        let Value::Table(keys) = value else {
            self.bad(section, "a section");
            return;
        };
        for (key, value) in keys {
            let path = format!("{section}.{key}");
            match (key.as_str(), value.as_str().filter(is_image)) {
                ("image", Some(image)) => image.clone_into(&mut out.image),
                ("image", None) => self.bad(&path, "the name of an image"),
                _ => self.unknown(&path),
            }
        }
    }

    fn kubernetes(&mut self, section: &str, value: &Value, out: &mut KubernetesConfig) {
        let Value::Table(keys) = value else {
            self.bad(section, "a section");
            return;
        };
        for (key, value) in keys {
            let path = format!("{section}.{key}");
            match (key.as_str(), value.as_str()) {
                ("namespace", Some(name)) if is_namespace(&name) => name.clone_into(&mut out.namespace),
                ("namespace", _) => self.bad(&path, "the name of a namespace"),
                ("image", Some(name)) if is_image(&name) => name.clone_into(&mut out.image),
                ("image", _) => self.bad(&path, "the name of an image"),
                ("context", Some(name)) if !name.chars().any(char::is_control) => {
                    name.clone_into(&mut out.context);
                }
                ("context", _) => self.bad(&path, "the name of a context"),
                ("network_policy_enforced", _) => self.flag(&path, value, &mut out.network_policy_enforced),
                _ => self.unknown(&path),
            }
        }
    }

    fn text(&mut self, key: &str, value: &Value, out: &mut String) {
        match value.as_str() {
            Some(text) => text.clone_into(out),
            None => self.bad(key, "a text"),
        }
    }

    fn texts(&mut self, key: &str, value: &Value, out: &mut Vec<String>) {
        let is_text = |text: &&str| !text.trim().is_empty();
        let texts: Option<Vec<String>> = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().filter(is_text).map(str::to_owned)).collect()
        });
        match texts.filter(|texts| !texts.is_empty()) {
            Some(texts) => *out = texts,
            None => self.bad(key, "a list of texts, at least one"),
        }
    }

    fn folder_names(&mut self, key: &str, value: &Value, out: &mut Vec<String>) {
        let is_name = |text: &&str| !text.is_empty() && !text.contains('/');
        let names: Option<Vec<String>> = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().filter(is_name).map(str::to_owned)).collect()
        });
        match names {
            Some(names) => *out = names,
            None => self.bad(key, "a list of folder names without `/`"),
        }
    }
}

/// A name of an image, which no program takes for a flag.
fn is_image(text: &&str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-:/@".contains(&byte))
}

/// A name as DNS has them for one label, which is what a cluster takes.
fn is_namespace(text: &&str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(is_part)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
