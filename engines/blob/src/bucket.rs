//! Objects in a bucket of an S3 server: `<prefix>/<folder>/<name>`.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use kernel::{Error, Result};
use moka::sync::Cache;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt,
    RetryConfig,
};
use tokio::time::timeout;

use crate::Key;

/// Objects that are sent at once.
const AT_ONCE: usize = 4;
/// A server that takes longer to greet is as good as gone.
const GREETING: Duration = Duration::from_secs(2);
/// So long the server may say nothing while it sends an object, which takes as long as its reader does.
const SILENCE: &str = "20s";
/// The longest that anything else may take.
const REQUEST: Duration = Duration::from_secs(20);
/// Bytes a second that an object may take beyond that.
const SLOWEST: u64 = 128 << 10;
/// Nothing is tried again for longer than this.
const RETRIES: Duration = Duration::from_secs(6);
/// Objects whose length is remembered: an object never changes.
const LENGTHS: u64 = 50_000;

/// How a bucket is reached.
#[derive(Clone)]
pub struct BucketOptions {
    /// The server's address, as in `https://s3.example` or `http://127.0.0.1:3900`.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// What all names in the bucket begin with, without slashes at its ends; may be empty.
    pub prefix: String,
    pub access_key: String,
    pub secret_key: String,
}

/// Without the secret.
impl fmt::Debug for BucketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, region, bucket, prefix, .. } = self;
        write!(f, "{endpoint}/{bucket}/{prefix} ({region})")
    }
}

pub(crate) struct Bucket {
    server: AmazonS3,
    prefix: Path,
    lengths: Cache<Key, u64>,
}

impl Bucket {
    /// Asks nothing yet.
    pub fn new(options: &BucketOptions) -> Result<Self> {
        // One provider of cryptography for all of the program; an error says that there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_connect_timeout(GREETING)
            .with_timeout_disabled()
            .with_config(ClientConfigKey::ReadTimeout, SILENCE)
            .with_allow_http(options.endpoint.starts_with("http://"));
        let backoff = BackoffConfig { init_backoff: Duration::from_millis(100), ..BackoffConfig::default() };
        let server = AmazonS3Builder::new()
            .with_endpoint(&options.endpoint)
            .with_region(&options.region)
            .with_bucket_name(&options.bucket)
            .with_access_key_id(&options.access_key)
            .with_secret_access_key(&options.secret_key)
            .with_virtual_hosted_style_request(false)
            .with_client_options(client)
            .with_retry(RetryConfig { backoff, max_retries: 3, retry_timeout: RETRIES })
            .build()
            .map_err(failed)?;
        let prefix = Path::parse(&options.prefix).map_err(Error::internal)?;
        let lengths = Cache::builder().max_capacity(LENGTHS).support_invalidation_closures().build();
        Ok(Self { server, prefix, lengths })
    }

    fn path(&self, key: &Key) -> Path {
        self.prefix.clone().join(key.folder()).join(key.name())
    }

    pub async fn put_all(&self, objects: Vec<(Key, Bytes)>) -> Result<()> {
        let put = |(key, bytes): (Key, Bytes)| async move {
            let len = bytes.len() as u64;
            let most = REQUEST + Duration::from_secs(len / SLOWEST);
            within(most, self.server.put(&self.path(&key), bytes.into())).await?;
            self.lengths.insert(key, len);
            Ok(())
        };
        stream::iter(objects).map(put).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// The object's size in bytes, as it is remembered.
    pub async fn len(&self, key: &Key) -> Result<Option<u64>> {
        match self.lengths.get(key) {
            Some(len) => Ok(Some(len)),
            None => self.head(key).await,
        }
    }

    /// The same, as the server has it.
    pub async fn head(&self, key: &Key) -> Result<Option<u64>> {
        let found = bounded(async { there(self.server.head(&self.path(key)).await) }).await?;
        match &found {
            Some(meta) => self.lengths.insert(key.clone(), meta.size),
            None => self.lengths.invalidate(key),
        }
        Ok(found.map(|meta| meta.size))
    }

    /// The bytes of `range` as they come; `None` where the object is gone. A server that sends another part than it was asked for is refused.
    pub async fn read(
        &self,
        key: &Key,
        range: Range<u64>,
    ) -> Result<Option<BoxStream<'static, Result<Bytes>>>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), ..GetOptions::default() };
        let path = self.path(key);
        let Some(found) = bounded(async { there(self.server.get_opts(&path, options).await) }).await? else {
            self.lengths.invalidate(key);
            return Ok(None);
        };
        // Another may stand there since, from the same picture by another version of this program.
        let known = self.lengths.get(key).is_none_or(|len| len == found.meta.size);
        if found.range == range && known {
            return Ok(Some(found.into_stream().map_err(failed).boxed()));
        }
        self.lengths.invalidate(key);
        Err(refused(&format!("asked for bytes {range:?} of {key} and was given {:?}", found.range)))
    }

    /// Deletes all objects of a folder; whether there were any.
    pub async fn delete_folder(&self, folder: &str) -> Result<bool> {
        let listed = self.server.list(Some(&self.prefix.clone().join(folder)));
        let paths: Vec<Path> = bounded(listed.map_ok(|meta| meta.location).try_collect()).await?;
        let some = !paths.is_empty();
        for path in paths {
            bounded(async { there(self.server.delete(&path).await) }).await?;
        }
        let folder = folder.to_owned();
        let _ = self.lengths.invalidate_entries_if(move |key, _| key.folder() == folder);
        Ok(some)
    }
}

/// Nothing, where there is no such object.
fn there<T>(answer: object_store::Result<T>) -> object_store::Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn bounded<T>(work: impl Future<Output = object_store::Result<T>>) -> Result<T> {
    within(REQUEST, work).await
}

async fn within<T>(most: Duration, work: impl Future<Output = object_store::Result<T>>) -> Result<T> {
    match timeout(most, work).await {
        Ok(done) => done.map_err(failed),
        Err(_) => Err(refused("it does not answer")),
    }
}

/// It does not answer, refuses, or is not what it was: said in one line, as long as lines are.
fn failed(error: object_store::Error) -> Error {
    const LONGEST: usize = 300;
    refused(&error.to_string().replace('\n', " ").chars().take(LONGEST).collect::<String>())
}

fn refused(said: &str) -> Error {
    Error::Unavailable(format!("the bucket: {said}").into())
}
