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
    let mut is_kept = |setting: &str| {
        match setting.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.trim_matches('\'').to_owned()),
            Some(("sslrootcert", value)) => root_certificates = Some(value.trim_matches('\'').replace("%2F", "/")),
            _ => return true,
        }
        false
    };
    let rest = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let (address, settings) = url.split_once('?').unwrap_or((url, ""));
        let kept: Vec<&str> = settings.split('&').filter(|s| !s.is_empty() && is_kept(s)).collect();
        if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) }
    } else {
        url.split_whitespace().filter(|setting| is_kept(setting)).collect::<Vec<_>>().join(" ")
    };
    let mode = match mode.as_deref() {
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
    // `system` is libpq's word for the authorities that are trusted anyway.
    Ok(Asked { url: rest, mode, root_certificates: root_certificates.filter(|file| file != "system") })
}

/// What a client asks of the server's certificate.
pub(crate) fn client(asked: &Asked) -> Result<ClientConfig, String> {
    let said = |error: Error| format!("encryption cannot be set up: {error}");
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match asked.mode {
        Mode::Disable | Mode::Prefer | Mode::Require => Arc::new(Unlooked(Arc::clone(&provider))),
        Mode::VerifyCa | Mode::VerifyFull => {
            let roots = Arc::new(roots(asked.root_certificates.as_deref())?);
            let full = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                .build()
                .map_err(|error| format!("the root certificates cannot be used: {error}"))?;
            if asked.mode == Mode::VerifyFull { full } else { Arc::new(AnyName(full)) }
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

/// Encrypts, whoever the server is: what `require` means to libpq.
#[derive(Debug)]
struct Unlooked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unlooked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Asks for a trusted authority, and for no name.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The name is looked at last, when all else was in order.
        match self.0.verify_server_cert(certificate, between, name, ocsp, now) {
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
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
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
}
