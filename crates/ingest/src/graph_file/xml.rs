//! XML of graph files as a stream of tags and texts that survives damage: a tag that is not well formed is told and left behind, and reading
//! goes on at the next one.
//!
//! Tags are cut here, as a parser that stops at an error cannot be started again; attributes and signs such as `&amp;` are read by quick-xml.
//! Entities that a file defines itself are never put in, so that a few lines cannot grow to gigabytes. Nothing recurses.

use crate::IngestError;
use crate::graph_file::{Window, decoded};
use crate::rejection::shown;
use crate::source::Source;
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

/// A longer tag is damaged, and of a longer text the beginning is taken.
const LONGEST: usize = 1 << 20;
/// Elements that begin anew inside a quoted value only if its end was forgotten.
const ELEMENTS: &[&[u8]] = &[
    b"node",
    b"edge",
    b"nodes",
    b"edges",
    b"graph",
    b"data",
    b"attvalues",
    b"attvalue",
    b"hyperedge",
    b"key",
    b"attributes",
    b"attribute",
    b"graphml",
    b"gexf",
];

/// One piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A tag that begins an element, or is all of it.
    Start(Tag),
    /// The end of an element, by name.
    End(String),
    /// Text between tags, if it is wanted.
    Text(String),
    /// A tag that is not well formed: the name of its element, and what stands there.
    Broken(String, String),
}

/// A tag that begins an element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// Whether the element ends at once.
    pub(crate) is_all: bool,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.0 == name).map(|attribute| attribute.1.as_str())
    }
}

/// Where the next piece ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// More bytes are needed to tell.
    More,
    Text(usize),
    /// Text taken as it stands.
    Literal(usize),
    Tag(usize),
    Broken(usize),
    /// Comments and the like.
    Nothing(usize),
    /// What only these bytes can end, however far away.
    Until(&'static [u8]),
}

/// Reads pieces.
pub(crate) struct Xml<'a> {
    pub(crate) window: Window<'a>,
    /// The line in which the piece given last begins.
    pub(crate) line: u64,
    /// Whether texts are given; else they are passed over.
    pub(crate) wants_text: bool,
    /// The first element, and the prefix of its namespace.
    root: Option<String>,
    prefix: String,
    /// Whether the first element has ended.
    pub(crate) is_whole: bool,
    pub(crate) is_odd: bool,
    /// Whether a comment says that igraph made the file.
    pub(crate) is_by_igraph: bool,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(source: &'a mut Source) -> Self {
        let window = Window::new(source);
        let (root, prefix) = (None, String::new());
        Self { window, line: 1, wants_text: false, root, prefix, is_whole: false, is_odd: false, is_by_igraph: false }
    }

    /// The next piece; `None` at the end. A piece that is cut by the end is left out.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, IngestError> {
        loop {
            let cut = match cut(self.window.rest(), self.window.is_ended) {
                Cut::More if self.window.is_ended => return Ok(None),
                Cut::More if self.window.rest().len() > LONGEST => match self.window.rest()[0] {
                    b'<' => Cut::Broken(LONGEST),
                    _ => Cut::Text(LONGEST),
                },
                Cut::More => {
                    self.window.fill()?;
                    continue;
                }
                cut => cut,
            };
            self.line = self.window.line;
            let (length, piece) = match cut {
                Cut::More => continue,
                Cut::Nothing(length) => {
                    self.is_by_igraph |= self.window.rest().starts_with(b"<!-- Created by igraph");
                    (length, None)
                }
                Cut::Until(end) => {
                    self.pass_until(end)?;
                    continue;
                }
                Cut::Text(length) | Cut::Literal(length) => (length, self.text(cut)),
                Cut::Tag(length) => (length, Some(self.tag(length))),
                Cut::Broken(length) => (length, Some(self.broken(length))),
            };
            self.window.pass(length);
            match &piece {
                None => continue,
                Some(Piece::Start(tag)) if self.root.is_none() => self.root = Some(tag.name.clone()),
                Some(Piece::End(name)) if self.root.as_ref() == Some(name) => self.is_whole = true,
                Some(_) => {}
            }
            return Ok(piece);
        }
    }

    /// Passes over what ends with `end`, which may be far away.
    fn pass_until(&mut self, end: &[u8]) -> Result<(), IngestError> {
        loop {
            if let Some(at) = memchr::memmem::find(self.window.rest(), end) {
                self.window.pass(at + end.len());
                return Ok(());
            }
            let rest = self.window.rest().len();
            if self.window.is_ended {
                self.window.pass(rest);
                return Ok(());
            }
            self.window.pass(rest.saturating_sub(end.len() - 1));
            self.window.fill()?;
        }
    }

    fn text(&mut self, cut: Cut) -> Option<Piece> {
        if !self.wants_text {
            return None;
        }
        let rest = self.window.rest();
        Some(Piece::Text(match cut {
            Cut::Literal(length) => decoded(&rest[b"<![CDATA[".len()..length - b"]]>".len()], &mut self.is_odd).into_owned(),
            Cut::Text(length) => plain(&decoded(&rest[..length], &mut self.is_odd)),
            _ => return None,
        }))
    }

    fn tag(&mut self, length: usize) -> Piece {
        let inside = decoded(&self.window.rest()[1..length - 1], &mut self.is_odd);
        if let Some(name) = inside.strip_prefix('/') {
            return Piece::End(local(name.trim(), &self.prefix).to_owned());
        }
        let is_all = inside.ends_with('/');
        let inside = inside.strip_suffix('/').unwrap_or(&inside);
        let name_length = inside.find(|sign: char| sign.is_ascii_whitespace() || sign == '/').unwrap_or(inside.len());
        let mut attributes = Vec::new();
        for attribute in BytesStart::from_content(inside, name_length).attributes().with_checks(false) {
            match attribute {
                Ok(attribute) => attributes.push((attribute.key.0.to_owned(), plain(&attribute.value))),
                Err(_) => return self.broken(length),
            }
        }
        let full = &inside[..name_length];
        if self.root.is_none()
            && let Some((prefix, _)) = full.split_once(':')
        {
            self.prefix = format!("{prefix}:");
        }
        Piece::Start(Tag { name: local(full, &self.prefix).to_owned(), attributes, is_all })
    }

    fn broken(&self, length: usize) -> Piece {
        let text = decoded(&self.window.rest()[..length.min(400)], &mut false).into_owned();
        let name = text.trim_start_matches(['<', '/']);
        let end = name.find(|sign: char| !sign.is_alphanumeric() && sign != ':').unwrap_or(name.len());
        Piece::Broken(local(&name[..end], &self.prefix).to_owned(), shown(text.trim_end()))
    }
}

fn local<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).unwrap_or(name)
}

/// Text with its signs put in; one that holds an entity of the file's own stays as it stands.
fn plain(text: &str) -> String {
    unescape(text).map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// Where the piece at the beginning of `bytes` ends.
fn cut(bytes: &[u8], is_ended: bool) -> Cut {
    let up_to = |start: usize, end: &'static [u8], piece: fn(usize) -> Cut| match memchr::memmem::find(
        &bytes[start.min(bytes.len())..],
        end,
    ) {
        Some(at) => piece(start + at + end.len()),
        None if bytes.len() > LONGEST => Cut::Until(end),
        None => Cut::More,
    };
    match bytes {
        [] => Cut::More,
        [b'<', ..] if bytes.len() < 9 && !is_ended => Cut::More,
        [b'<', b'?', ..] => up_to(2, b"?>", Cut::Nothing),
        [b'<', b'!', b'-', b'-', ..] => up_to(4, b"-->", Cut::Nothing),
        _ if bytes.starts_with(b"<![CDATA[") => up_to(9, b"]]>", Cut::Literal),
        [b'<', b'!', ..] => declaration(bytes),
        [b'<', first, ..] if first.is_ascii_alphabetic() || *first >= 0x80 || b"/_".contains(first) => tag_end(bytes, is_ended),
        [b'<', ..] => Cut::Text(1),
        _ => match memchr::memchr(b'<', bytes) {
            Some(at) => Cut::Text(at),
            None if is_ended => Cut::Text(bytes.len()),
            None => Cut::More,
        },
    }
}

/// The end of a document type with the declarations in it.
fn declaration(bytes: &[u8]) -> Cut {
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Cut::Nothing(at + 1);
        }
    }
    Cut::More
}

/// The end of a tag; a `<` in it says that its own end was forgotten, or that of a quoted value.
fn tag_end(bytes: &[u8], is_ended: bool) -> Cut {
    let mut quote = None;
    let mut at = 1;
    while let Some(found) = bytes[at..].iter().position(|byte| matches!(byte, b'<' | b'>' | b'"' | b'\'')) {
        at += found;
        match (bytes[at], quote) {
            (b'>', None) => return Cut::Tag(at + 1),
            (b'<', None) => return Cut::Broken(at),
            (b'<', Some(_)) => match begins_element(&bytes[at..]) {
                Some(true) => return Cut::Broken(at),
                Some(false) => {}
                None if !is_ended => return Cut::More,
                None => {}
            },
            (byte @ (b'"' | b'\''), None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
        at += 1;
    }
    Cut::More
}

/// Whether a tag of ours begins here; `None` if that cannot be told yet.
fn begins_element(bytes: &[u8]) -> Option<bool> {
    let name = bytes[1..].strip_prefix(b"/").unwrap_or(&bytes[1..]);
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric());
    match end {
        Some(end) => Some(ELEMENTS.contains(&&name[..end])),
        None if name.len() > 20 => Some(false),
        None => None,
    }
}

/// The name of the first element of a document, as far as the first bytes tell.
pub(crate) fn root(head: &[u8]) -> Option<String> {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        match cut(rest, true) {
            Cut::Nothing(length) => rest = &rest[length..],
            Cut::Text(length) if rest[..length].trim_ascii().is_empty() => rest = &rest[length..],
            Cut::Tag(length) => {
                let name = rest[1..length - 1].split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next()?;
                let name = std::str::from_utf8(name).ok()?;
                return Some(name.split_once(':').map_or(name, |parts| parts.1).to_owned());
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pieces of a text, `B` for broken tags; cut as if it came byte by byte, and all at once.
    fn pieces(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let all = cut(rest, true);
            let length = match all {
                Cut::Text(length) | Cut::Literal(length) | Cut::Nothing(length) | Cut::Tag(length) | Cut::Broken(length) => {
                    length
                }
                Cut::More | Cut::Until(_) => break,
            };
            for end in 0..rest.len() {
                let part = cut(&rest[..end], false);
                assert!(part == Cut::More || part == all, "{part:?} of {:?}, {all:?} of all", &rest[..end]);
            }
            let sign = match all {
                Cut::Tag(_) => "",
                Cut::Broken(_) => "B",
                _ => "T",
            };
            found.push(format!("{sign}{}", String::from_utf8_lossy(&rest[..length])));
            rest = &rest[length..];
        }
        found
    }

    #[test]
    fn damage_costs_one_tag() {
        assert_eq!(pieces("<node id=\"a\n<node id=\"b\"/>"), ["B<node id=\"a\n", "<node id=\"b\"/>"]);
        assert_eq!(pieces("<node id=\"a>\n<node id=\"b\"/>"), ["B<node id=\"a>\n", "<node id=\"b\"/>"]);
        assert_eq!(pieces("<node <edge a='>'/>"), ["B<node ", "<edge a='>'/>"]);
        assert_eq!(pieces("<node label=\"<b> 1 < 2\"/>"), ["<node label=\"<b> 1 < 2\"/>"]);
        assert_eq!(
            pieces("a < b<e/><!-- <node> --><![CDATA[<x>]]>"),
            ["Ta ", "T<", "T b", "<e/>", "T<!-- <node> -->", "T<![CDATA[<x>]]>"]
        );
        assert_eq!(pieces("<e/><node id=\"cut"), ["<e/>"]);
    }

    #[test]
    fn the_root_is_found_behind_declarations() {
        let text =
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- <gexf> -->\n<!DOCTYPE graphml [<!ENTITY a \"b\">]>\n<g:graphml xmlns:g='x'>";
        assert_eq!(root(text.as_bytes()).as_deref(), Some("graphml"));
        assert_eq!(root(b"<html>").as_deref(), Some("html"));
        for text in ["", "text <gexf>", "<", "<!-- gexf", "<?xml"] {
            assert_eq!(root(text.as_bytes()), None, "{text}");
        }
    }
}
