//! What the formats of graph files share: edges and nodes with attributes, a window over the bytes, lines, XML, times that may be years.

pub(crate) mod lines;
mod moment;
mod nodes;
mod ties;
mod window;
pub(crate) mod xml;

pub(crate) use lines::Lines;
pub(crate) use moment::Moment;
pub(crate) use nodes::{Nodes, Seen};
pub(crate) use ties::{Tie, Ties};
pub(crate) use window::Window;

use std::borrow::Cow;

/// Text in UTF-8, or else in Latin-1, in which every byte is a letter of its own: other than with a sign for what is unreadable, different
/// keys stay different. `is_odd` is set if it was not UTF-8.
pub(crate) fn decoded<'a>(bytes: &'a [u8], is_odd: &mut bool) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            *is_odd = true;
            Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect())
        }
    }
}

/// The door of the formats' unit tests.
#[cfg(test)]
pub(crate) mod testing {
    use crate::IngestError;
    use crate::batch::Keys;
    use crate::format::{FormatSpec, ReadOptions, Reading};
    use crate::intake::Intake;
    use crate::source::Source;
    use echogram_graph::NO_TIME;
    use std::sync::Arc;

    fn try_read(format: &FormatSpec, contents: &[u8], options: &ReadOptions) -> Result<(Reading, Intake), IngestError> {
        let name = format!("echogram-{}-{}-{:?}", format.name, std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, contents).unwrap();
        let mut source = Source::open(&path, &Arc::default()).unwrap();
        let mut intake = Intake::default();
        let reading = (format.read)(&mut source, options, &mut intake);
        drop(source);
        std::fs::remove_file(&path).unwrap();
        intake.settle();
        Ok((reading?, intake))
    }

    fn read(format: &FormatSpec, contents: &[u8], options: &ReadOptions) -> (Reading, Intake) {
        try_read(format, contents, options).unwrap()
    }

    /// Reads whatever it is: each record is taken or rejected, or the file is refused.
    #[track_caller]
    pub(crate) fn read_any(format: &FormatSpec, contents: &[u8]) {
        (format.claims)(contents);
        let text = String::from_utf8_lossy(contents);
        if let Ok((_, intake)) = try_read(format, contents, &ReadOptions::default()) {
            let records: u64 = intake.batches.iter().map(|batch| batch.records).sum();
            let rejected: u64 = intake.batches.iter().map(|batch| batch.rejections.count).sum();
            assert!(rejected <= records, "{rejected} of {records} rejected in {text}");
        }
    }

    /// Reads a text and compares its edges: `a>b` directed, `a-b` without direction, `*2` a weight, `@5` a time in seconds, `:word` a
    /// relation other than the usual, `(c)` a node without an edge. `rejected` are `line field part-of-the-reason`.
    #[track_caller]
    pub(crate) fn check(format: &FormatSpec, contents: impl AsRef<[u8]>, wanted: &str, rejected: &[&str]) {
        check_with(format, contents, &ReadOptions::default(), wanted, rejected);
    }

    #[track_caller]
    pub(crate) fn check_with(
        format: &FormatSpec,
        contents: impl AsRef<[u8]>,
        options: &ReadOptions,
        wanted: &str,
        rejected: &[&str],
    ) {
        let (reading, intake) = read(format, contents.as_ref(), options);
        let mut got = Vec::new();
        let mut ends = Vec::new();
        let mut reasons = Vec::new();
        for batch in &intake.batches {
            let key = |code: u32| match &batch.keys {
                Keys::Raw => code.to_string(),
                Keys::Listed(_) | Keys::Interned => intake.interner.get(code).to_owned(),
            };
            reasons.extend(batch.rejections.kept.clone());
            for (relation, rows) in &batch.relations {
                for row in 0..rows.sources.len() {
                    let (source, target) = (key(rows.sources[row]), key(rows.targets[row]));
                    let mut text = format!("{source}{}{target}", if batch.is_undirected { '-' } else { '>' });
                    match rows.weights.get(row) {
                        None | Some(1.0) => {}
                        Some(weight) => text.push_str(&format!("*{weight}")),
                    }
                    match rows.times.get(row) {
                        None | Some(&NO_TIME) => {}
                        Some(time) => text.push_str(&format!("@{}", time / 1_000_000)),
                    }
                    if relation != "edge" {
                        text.push_str(&format!(":{relation}"));
                    }
                    got.push(text);
                    ends.extend([source, target]);
                }
            }
        }
        if let Some(accounts) = &reading.accounts {
            let alone = accounts.rows.iter().filter_map(|row| row.1[0].clone()).filter(|key| !ends.contains(key));
            got.extend(alone.map(|key| format!("({key})")));
        }
        let mut wanted: Vec<&str> = wanted.split_whitespace().collect();
        got.sort();
        wanted.sort_unstable();
        let text = String::from_utf8_lossy(contents.as_ref());
        assert_eq!(got, wanted, "{text}");
        reasons.sort();
        assert_eq!(reasons.len(), rejected.len(), "{reasons:#?} of {text}");
        for (got, wanted) in reasons.iter().zip(rejected) {
            let mut parts = wanted.splitn(3, ' ');
            let place = (parts.next().unwrap().parse::<u64>().unwrap(), parts.next().unwrap());
            assert_eq!((got.line, got.field), place, "{}", got.reason);
            let part = parts.next().unwrap_or("");
            assert!(got.reason.contains(part), "`{}` does not say `{part}`", got.reason);
        }
    }

    /// The table of nodes: names of its columns and their cells, `-` for what is unknown.
    pub(crate) fn nodes(format: &FormatSpec, contents: impl AsRef<[u8]>) -> Vec<String> {
        let (reading, _) = read(format, contents.as_ref(), &ReadOptions::default());
        let Some(accounts) = reading.accounts else { return Vec::new() };
        let line = |cells: Vec<String>| cells.join("|");
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".to_owned());
        let rows = accounts.rows.iter().map(|row| line(row.1.iter().map(cell).collect()));
        std::iter::once(line(accounts.header.clone())).chain(rows).collect()
    }

    /// What is said beside.
    pub(crate) fn notes(format: &FormatSpec, contents: impl AsRef<[u8]>) -> Vec<String> {
        read(format, contents.as_ref(), &ReadOptions::default()).0.notes
    }
}

#[cfg(test)]
mod tests {
    use super::testing::read_any;
    use crate::formats::{gexf, gml, graphml, metis, mtx, pajek};

    /// Small files with something of everything.
    const SAMPLES: &[&str] = &[
        "<?xml version='1.0'?><!-- c --><graphml><key id='k' for='edge' attr.name='weight'><default>2</default></key><graph edgedefault='directed'>\
         <node id='a'><data key='k'>x &amp;</data><graph><node id='n1'/></graph></node><edge source='a' target='b'><data key='k'>3</data></edge></graph></graphml>",
        "<gexf><graph><attributes class='edge'><attribute id='0' title='Weight'/></attributes><nodes><node id='a' label='x'/></nodes><edges>\
         <edge source='a' target='b' start='2001' type='mutual'><attvalues><attvalue for='0' value='1' start='1'/></attvalues><spells><spell start='2'/></spells></edge></edges></graph></gexf>",
        "graph [ directed 1\n# c\n node [ id 1 label \"A &amp;\nB\" x [ y 1 ] ]\n edge [ source 1 target 2 value 0.5 time 2001 ]\n]\n",
        "*Network x\n*Vertices 3 2\n1 \"a b\" 0.1\n2 c\n*Arcs :1 \"r\"\n1 2 3.5\n*Edgeslist\n1 2 3\n*Matrix\n0 1\n2 0\n*Partition p\n1\n",
        "% c\n4 3 011 1\n7 2 5 3 1\n1 1 5\n1 1 1 4 2\n1 3 2\n",
        "%%MatrixMarket matrix coordinate real general\n% c\n3 3 2\n1 2 0.5\n3 1 2e0\n",
        "%%MatrixMarket matrix array real symmetric\n2 2\n0\n3\n1\n",
    ];

    #[test]
    fn damaged_files_never_panic() {
        let formats = [&graphml::FORMAT, &gexf::FORMAT, &gml::FORMAT, &pajek::FORMAT, &metis::FORMAT, &mtx::FORMAT, &mtx::FORMAT];
        let signs = b"<>\"'[]*& \n\x00\xff9-";
        for (sample, format) in SAMPLES.iter().zip(formats) {
            for at in 1..sample.len() {
                let mut bytes = sample.as_bytes()[..at].to_vec();
                read_any(format, &bytes);
                bytes.extend(&sample.as_bytes()[at..]);
                bytes[at] = signs[at % signs.len()];
                read_any(format, &bytes);
                bytes.remove(at);
                read_any(format, &bytes);
                let doubled = [&sample.as_bytes()[..at], sample.as_bytes()].concat();
                read_any(format, &doubled);
            }
            for (other, _) in SAMPLES.iter().zip(formats) {
                read_any(format, other.as_bytes());
            }
        }
    }
}
