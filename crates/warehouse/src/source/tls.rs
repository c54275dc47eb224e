//! Encryption of the connection to PostgreSQL, as `sslmode` asks for it and as libpq understands it.
//!
//! | `sslmode` | encrypted | the server's certificate |
//! |---|---|---|
//! | `disable` | no | |
//! | `allow`, `prefer` (the default) | where the server can | not looked at |
//! | `require` | always | not looked at; with `sslrootcert` as `verify-ca` |
//! | `verify-ca` | always | signed by a trusted authority |
//! | `verify-full` | always | and issued for the host's name |
//!
//! Trusted are the authorities in the file `sslrootcert`, else those that browsers trust.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme, version};

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// A connection string without what it says of encryption, and that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub url: String,
    pub mode: Mode,
    pub root_certificates: Option<String>,
}

/// Takes `sslmode` and `sslrootcert` out of a connection string of either form.
pub(crate) fn asked(url: &str) -> Result<Asked, String> {
    let mut mode = None;
    let mut root_certificates = None;
    let mut is_kept = |key: &str, value: String| {
        match key {
            "sslmode" => mode = Some(value),
            "sslrootcert" => root_certificates = Some(value),
            _ => return true,
        }
        false
    };
    let rest = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let (address, settings) = url.split_once('?').unwrap_or((url, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let is_kept = |setting: &&str| match setting.split_once('=') {
            Some((key, value)) => is_kept(&decoded(key), decoded(value)),
            None => !setting.is_empty(),
        };
        let kept: Vec<&str> = settings.split('&').filter(is_kept).collect();
        if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) }
    } else {
        let kept = settings(url)?.into_iter().filter(|(key, value)| is_kept(key, value.clone()));
        let quoted = kept.map(|(key, value)| format!("{key}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'")));
        quoted.collect::<Vec<_>>().join(" ")
    };
    // `system` is libpq's word for the authorities that are trusted anyway. It would take any of their certificates for
    // the server's unless the name is looked at.
    let is_system = root_certificates.as_deref() == Some("system");
    let mode = match mode.as_deref().filter(|mode| !mode.is_empty()) {
        None if is_system => Mode::VerifyFull,
        Some(weak) if is_system && weak != "verify-full" => {
            return Err(format!("sslmode={weak} is too weak for sslrootcert=system: state sslmode=verify-full"));
        }
        Some("disable") => Mode::Disable,
        None | Some("allow" | "prefer") => Mode::Prefer,
        Some("require") if root_certificates.is_none() => Mode::Require,
        Some("require" | "verify-ca") => Mode::VerifyCa,
        Some("verify-full") => Mode::VerifyFull,
        Some(other) => {
            return Err(format!(
                "sslmode={other} is not known: disable, prefer, require, verify-ca and verify-full are"
            ));
        }
    };
    Ok(Asked { url: rest, mode, root_certificates: root_certificates.filter(|_| !is_system) })
}

/// The settings of `key = value` form as libpq reads them: blanks may stand around `=`, a value with blanks stands in
/// single quotes, a backslash takes the next character as it is.
fn settings(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        // The text may hold a password, so it is not repeated.
        let (key, after) = rest.split_once('=').ok_or("the connection string has a setting without `=`")?;
        let key = key.trim_end();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err("the connection string has a setting without `=`".to_owned());
        }
        let after = after.trim_start();
        let is_quoted = after.starts_with('\'');
        let mut characters = after[usize::from(is_quoted)..].chars();
        let mut value = String::new();
        loop {
            match characters.next() {
                Some('\\') => value.extend(characters.next()),
                Some('\'') if is_quoted => break,
                None if is_quoted => return Err("the connection string has a quote that is not closed".to_owned()),
                None => break,
                Some(blank) if !is_quoted && blank.is_whitespace() => break,
                Some(other) => value.push(other),
            }
        }
        found.push((key.to_owned(), value));
        rest = characters.as_str().trim_start();
    }
    Ok(found)
}

/// What a client asks of the server's certificate.
pub(crate) fn client(asked: &Asked) -> Result<ClientConfig, String> {
    let said = |error: Error| format!("encryption cannot be set up: {error}");
    let provider = Arc::new(ring::default_provider());
    let any_name = |authorities| Arc::new(AnyName { provider: Arc::clone(&provider), authorities });
    let verifier: Arc<dyn ServerCertVerifier> = match asked.mode {
        Mode::Disable | Mode::Prefer | Mode::Require => any_name(None),
        Mode::VerifyCa | Mode::VerifyFull => {
            let roots = Arc::new(roots(asked.root_certificates.as_deref())?);
            let full = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                .build()
                .map_err(|error| format!("the root certificates cannot be used: {error}"))?;
            if asked.mode == Mode::VerifyFull { full } else { any_name(Some(full)) }
        }
    };
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(said)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(client)
}

fn roots(file: Option<&str>) -> Result<RootCertStore, String> {
    let Some(file) = file else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let failed = |error: &dyn std::fmt::Display| format!("sslrootcert={file} cannot be read: {error}");
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(&error))? {
        store.add(certificate.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
    }
    Ok(store)
}

/// Asks for a trusted authority and for no name; without authorities encrypts, whoever the server is, which is what
/// `require` means to libpq.
#[derive(Debug)]
struct AnyName {
    provider: Arc<CryptoProvider>,
    authorities: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authorities) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        // The name is looked at last, when all else was in order.
        match authorities.verify_server_cert(certificate, between, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_encryption_is_taken_out_of_either_form() {
        for url in
            ["postgres://u@h/db?sslmode=verify-full&sslrootcert=/ca.crt", "sslrootcert=/ca.crt sslmode=verify-full"]
        {
            let asked = asked(url).expect("known settings");
            assert_eq!((asked.mode, asked.root_certificates.as_deref()), (Mode::VerifyFull, Some("/ca.crt")), "{url}");
            assert!(!asked.url.contains("ssl"), "{}", asked.url);
        }
        let kept = asked("postgres://u@h/db?connect_timeout=3&sslmode=disable").expect("known settings");
        assert_eq!((kept.url.as_str(), kept.mode), ("postgres://u@h/db?connect_timeout=3", Mode::Disable));
        assert_eq!(asked("host=h dbname=db").map(|asked| asked.mode), Ok(Mode::Prefer));
        assert_eq!(asked("host=h sslmode=require sslrootcert=/ca.crt").map(|asked| asked.mode), Ok(Mode::VerifyCa));
        assert!(asked("host=h sslmode=sometimes").is_err());
    }

    #[test]
    fn settings_are_read_as_libpq_reads_them() {
        let text = r"host = h password='a  b\'c\\d=e' sslmode = 'verify-full'  sslrootcert='/my ca.crt' user=x\ y";
        let asked = asked(text).expect("known settings");
        assert_eq!((asked.mode, asked.root_certificates.as_deref()), (Mode::VerifyFull, Some("/my ca.crt")));
        assert_eq!(asked.url, r"host='h' password='a  b\'c\\d=e' user='x y'");
        let config: tokio_postgres::Config = asked.url.parse().expect("a connection string");
        assert_eq!((config.get_password(), config.get_user()), (Some(&br"a  b'c\d=e"[..]), Some("x y")));
        assert!(settings("host='h").is_err() && settings("host").is_err() && settings("a b=c").is_err());
        let uri =
            super::asked("postgres://u@h/db?ssl%6Dode=verify-ca&sslrootcert=%2Fmy%20ca.crt&application_name=a%26b");
        let uri = uri.expect("known settings");
        assert_eq!((uri.mode, uri.root_certificates.as_deref()), (Mode::VerifyCa, Some("/my ca.crt")));
        assert_eq!(uri.url, "postgres://u@h/db?application_name=a%26b");
    }

    #[test]
    fn the_systems_authorities_go_with_names_only() {
        for weak in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let said = asked(&format!("host=h sslrootcert=system sslmode={weak}")).expect_err("too weak");
            assert!(said.contains("sslmode=verify-full"), "{said}");
        }
        for full in ["host=h sslrootcert=system", "postgres://u@h/db?sslmode=verify-full&sslrootcert=system"] {
            let asked = asked(full).expect("known settings");
            assert_eq!((asked.mode, asked.root_certificates), (Mode::VerifyFull, None));
        }
    }
}
