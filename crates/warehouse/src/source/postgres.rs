//! PostgreSQL: tables read by `COPY ... TO STDOUT` in one read-only snapshot, as the same text that files hold.
//!
//! The connection is encrypted as [`tls`] says. The server converts moments with a zone to the contract's.

use std::io::{self, Read};
use std::sync::Arc;

use contract::Table;
use futures::StreamExt;
use jiff::tz::TimeZone;
use tables::{ColumnFormat, Kind};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;
use crate::source::SourceColumn;
use crate::source::stream::OpenText;
use crate::source::tls::{self, Mode};

/// Chunks of text that may wait to be read.
const WAITING_CHUNKS: usize = 64;

/// A connection with an open snapshot.
pub(crate) struct Database {
    client: Arc<Client>,
}

impl Database {
    /// Connects and opens a snapshot that all tables are read in.
    pub(crate) async fn connect(url: &str, zone: &TimeZone) -> Result<Self, Error> {
        let client = connected(url).await.map_err(|message| Error::Postgres { table: String::new(), message })?;
        let zone = zone.iana_name().unwrap_or("UTC").replace('\'', "");
        let begin = format!(
            "SET TIME ZONE '{zone}'; SET datestyle = 'ISO, YMD'; SET client_encoding = 'UTF8'; \
             BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        );
        client.batch_execute(&begin).await.map_err(|error| failed("", &error))?;
        Ok(Self { client: Arc::new(client) })
    }

    /// The columns of a relation or query; nothing where an optional relation is not there.
    pub(crate) async fn columns(&self, table: &Table, relation: &str) -> Result<Option<Vec<SourceColumn>>, Error> {
        let to_error = |error| failed(&table.name, &error);
        if !table.required {
            let known =
                self.client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&relation]).await.map_err(to_error)?;
            if !known.get::<_, bool>(0) {
                return Ok(None);
            }
        }
        let statement = self.client.prepare(&format!("SELECT * FROM {relation}")).await.map_err(to_error)?;
        let column = |column: &tokio_postgres::Column| SourceColumn {
            name: column.name().to_owned(),
            native: Some(ColumnFormat::plain(native_kind(column.type_()))),
        };
        Ok(Some(statement.columns().iter().map(column).collect()))
    }

    /// Opens the text of some columns of a relation, with a header.
    pub(crate) fn text(&self, relation: &str, columns: &[String]) -> OpenText {
        let quoted: Vec<String> = columns.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        let sql = format!("COPY (SELECT {} FROM {relation}) TO STDOUT (FORMAT csv, HEADER true)", quoted.join(", "));
        let client = Arc::clone(&self.client);
        let handle = Handle::current();
        Arc::new(move || {
            let (sender, receiver) = mpsc::channel(WAITING_CHUNKS);
            let (client, sql) = (Arc::clone(&client), sql.clone());
            handle.spawn(async move {
                let stream = match client.copy_out(&sql).await {
                    Ok(stream) => stream,
                    Err(error) => {
                        // Where the reader has gone, nobody needs to know.
                        let _ = sender.send(Err(said(&error))).await;
                        return;
                    }
                };
                let mut stream = Box::pin(stream);
                while let Some(chunk) = stream.next().await {
                    let chunk = chunk.map(|bytes| Some(bytes.to_vec())).map_err(|error| said(&error));
                    if sender.send(chunk).await.is_err() {
                        return;
                    }
                }
                let _ = sender.send(Ok(None)).await;
            });
            Ok(Box::new(CopyReader { receiver, chunk: Vec::new(), position: 0, is_whole: false }))
        })
    }
}

/// Connects, encrypted as the url asks.
async fn connected(url: &str) -> Result<Client, String> {
    let asked = tls::asked(url)?;
    // Its message may repeat the url with a password.
    let mut config: Config =
        asked.url.parse().map_err(|_| "the connection string is not in a form that PostgreSQL knows".to_owned())?;
    if asked.mode != Mode::Disable {
        config.ssl_mode(if asked.mode == Mode::Prefer { SslMode::Prefer } else { SslMode::Require });
        let encrypted = config.connect(MakeRustlsConnect::new(tls::client(&asked)?)).await;
        match encrypted {
            Ok((client, connection)) => {
                drive(connection);
                return Ok(client);
            }
            // As libpq does, without encryption where encrypting fails and nobody insists on it.
            Err(error) if asked.mode == Mode::Prefer && error.as_db_error().is_none() => {}
            Err(error) => return Err(said(&error)),
        }
    }
    config.ssl_mode(SslMode::Disable);
    let (client, connection) = config.connect(NoTls).await.map_err(|error| said(&error))?;
    drive(connection);
    Ok(client)
}

fn drive<S, T>(connection: Connection<S, T>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        // A broken connection fails the queries that use it; they say so.
        let _ = connection.await;
    });
}

fn native_kind(kind: &Type) -> Kind {
    match *kind {
        Type::BOOL => Kind::Flag,
        Type::DATE | Type::TIMESTAMP | Type::TIMESTAMPTZ => Kind::Moment,
        Type::INT2 | Type::INT4 | Type::INT8 | Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC | Type::OID => Kind::Number,
        _ => Kind::Text,
    }
}

fn failed(table: &str, error: &tokio_postgres::Error) -> Error {
    Error::Postgres { table: table.to_owned(), message: said(error) }
}

/// What the server said, else what the client noticed and why.
fn said(error: &tokio_postgres::Error) -> String {
    if let Some(server) = error.as_db_error() {
        return server.message().to_owned();
    }
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The chunks of a `COPY` as a reader, for the thread that parses them.
struct CopyReader {
    /// Chunks, then nothing where the server has said that this was all.
    receiver: mpsc::Receiver<Result<Option<Vec<u8>>, String>>,
    chunk: Vec<u8>,
    position: usize,
    is_whole: bool,
}

impl Read for CopyReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.position == self.chunk.len() {
            if self.is_whole {
                return Ok(0);
            }
            match self.receiver.blocking_recv() {
                Some(Ok(Some(chunk))) => (self.chunk, self.position) = (chunk, 0),
                Some(Ok(None)) => self.is_whole = true,
                Some(Err(message)) => return Err(io::Error::other(message)),
                None => return Err(io::Error::other("the server stopped in the middle of the table")),
            }
        }
        let rest = &self.chunk[self.position..];
        let length = rest.len().min(target.len());
        target[..length].copy_from_slice(&rest[..length]);
        self.position += length;
        Ok(length)
    }
}
