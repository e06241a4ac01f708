//! Inputs that cannot be used as a whole.

use crate::support::Sandbox;
use crate::{GOOD_EDGES, UNUSABLE, check, check_file, check_rejects, edges, sandbox};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bytes that mean nothing, always the same.
fn rubbish(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// An edge list that gzip cannot make small.
fn long_list(rows: usize) -> String {
    let rows = (0..rows as u64).map(|row| format!("u{},v{}\n", row * 7_919 % 100_003, row * 104_729 % 99_991));
    std::iter::once("source,target\n".to_owned()).chain(rows).collect()
}

#[test]
fn what_is_not_there() {
    let sandbox = sandbox();
    check(&sandbox, &["nothere.csv"], UNUSABLE, &["nothere.csv", "no such file"]);
    check(&sandbox, &["no/such/folder/"], UNUSABLE, &["no/such/folder"]);
    check(&sandbox, &["nothere-*.csv"], UNUSABLE, &["nothere-*.csv", "no file matches"]);
    check(&sandbox, &["good.csv", "nothere.csv"], UNUSABLE, &["nothere.csv"]);
    check(&sandbox, &["good.csv", "--accounts", "nobody.csv"], UNUSABLE, &["nobody.csv", "no such file"]);
    check(&sandbox, &["good.csv", "--lexicon", "words.toml"], UNUSABLE, &["words.toml", "cannot be read"]);
}

#[test]
fn folders_in_which_nothing_is_usable() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    check(&sandbox, &["empty"], UNUSABLE, &["empty", "no usable file in this folder", "0 looked at"]);
    check(&sandbox, &["good.csv", "--accounts", "empty"], UNUSABLE, &["empty", "no usable file"]);
    sandbox.write("pictures/logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01");
    check(&sandbox, &["pictures"], UNUSABLE, &["pictures", "no usable file in this folder", "1 looked at"]);
    sandbox.write("hidden/.edges.csv", GOOD_EDGES);
    check(&sandbox, &["hidden"], UNUSABLE, &["hidden", "no usable file"]);
}

#[test]
fn advice_fits_the_case() {
    for (name, contents) in
        [("u.csv", &b"\xff\xfea\0,\0b\0\n\0"[..]), ("x.xlsx", b"PK\x03\x04rest"), ("x.bz2", b"BZh91AY&SY"), ("c.csv", b"# a\n")]
    {
        let sandbox = sandbox();
        sandbox.write(name, contents);
        let answer = sandbox.echogram(["run", name, "--progress", "none"]);
        assert!(!answer.stderr.contains("--format"), "{name}: no format of ours would help\n{}", answer.stderr);
    }
}

#[test]
fn binary_rubbish() {
    check_file("rubbish.dat", rubbish(5_000), &["binary data"]);
    check_file("zeros.csv", [0; 5_000], &["binary data"]);
    let sandbox = sandbox();
    sandbox.write("rubbish.dat", rubbish(5_000));
    for format in ["edges", "ndjson", "twitter-v2", "parquet"] {
        check(&sandbox, &["rubbish.dat", "--format", format], UNUSABLE, &["rubbish.dat"]);
    }
    check(&sandbox, &["good.csv", "--accounts", "rubbish.dat"], UNUSABLE, &["rubbish.dat", "binary data"]);
}

#[test]
fn half_a_gzip_gives_what_came_before() {
    let whole = gzip(&long_list(2_000));
    let half = &whole[..whole.len() / 2];
    let sandbox = sandbox();
    sandbox.write("half.csv.gz", half);
    check(&sandbox, &["half.csv.gz", "--strict"], UNUSABLE, &["half.csv.gz", "1 of", "breaks off"]);
    let answer = sandbox.echogram(["run", "half.csv.gz", "-o", "run", "--progress", "none", "--json"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
    let summary = answer.json();
    assert_eq!(summary["rejected"], 1, "{answer:#?}");
    let rows = summary["rows"].as_u64().unwrap();
    assert!((500..1_600).contains(&rows), "{rows} rows of half the file");
    let first = summary["first_rejected"][0].as_str().unwrap();
    assert!(first.contains(&format!("line {}", rows + 1)) && first.contains("breaks off"), "{first}");
}

#[test]
fn half_a_bzip2_or_xz_gives_what_came_before() {
    let list = long_list(200_000);
    let whole = Sandbox::new();
    for path in [whole.write_bz2("half.csv.bz2", &list), whole.write_xz("half.csv.xz", &list)] {
        let packed = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let sandbox = Sandbox::new();
        sandbox.write(name, &packed[..packed.len() / 2]);
        let answer = sandbox.echogram(["run", name, "-o", "run", "--progress", "none", "--json", "--metrics", "degree"]);
        assert_eq!(answer.code, 0, "{answer:#?}");
        let summary = answer.json();
        assert_eq!(summary["rejected"], 1, "{answer:#?}");
        let rows = summary["rows"].as_u64().unwrap();
        assert!((50_000..160_000).contains(&rows), "{rows} rows of half of {name}");
        let first = summary["first_rejected"][0].as_str().unwrap();
        assert!(first.contains(&format!("line {}", rows + 1)) && first.contains("breaks off"), "{first}");
    }
}

#[test]
fn half_a_gzip_that_is_larger_than_a_block() {
    let whole = gzip(&long_list(400_000));
    let sandbox = Sandbox::new();
    sandbox.write("half.csv.gz", &whole[..whole.len() * 19 / 20]);
    let answer = sandbox.echogram(["run", "half.csv.gz", "-o", "run", "--progress", "none", "--json", "--metrics", "degree"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
    let summary = answer.json();
    assert_eq!(summary["rejected"], 1, "{}", summary["first_rejected"]);
    let first = summary["first_rejected"][0].as_str().unwrap();
    assert!(first.contains(&format!("line {}", summary["rows"].as_u64().unwrap() + 1)), "{first}, {} rows", summary["rows"]);
}

#[test]
fn rubbish_behind_compression_magic() {
    let with = |magic: &[u8]| [magic, &rubbish(600)].concat();
    check_file("bad.csv.gz", with(&[0x1f, 0x8b]), &["compressed file"]);
    check_file("short.gz", [0x1f, 0x8b], &["compressed file"]);
    check_file("deflate.gz", with(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), &["compressed file"]);
    check_file("bad.csv.zst", with(&[0x28, 0xb5, 0x2f, 0xfd]), &["compressed file"]);
    check_file("x.csv.bz2", b"BZh91AY&SY\x01\x02\x03", &["compressed file"]);
    check_file("bad.csv.bz2", with(b"BZh91AY&SY"), &["compressed file"]);
    check_file("x.csv.xz", b"\xfd7zXZ\x00\x00\x04", &["compressed file"]);
    check_file("bad.csv.xz", with(b"\xfd7zXZ\x00"), &["compressed file"]);
}

#[test]
fn rubbish_behind_a_whole_gzip_loses_no_row() {
    let contents = [gzip("source,target\na,b\nb,c\n"), b"rubbish".to_vec()].concat();
    let found = check_rejects("trailing.csv.gz", contents, &[], &[(4, "row", "breaks off")]);
    assert_eq!(found, edges(&[("a", "b"), ("b", "c")]));
}

#[test]
fn other_encodings_and_containers() {
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(GOOD_EDGES.encode_utf16().flat_map(bytes)).collect()
    };
    check_file("little.csv", utf16([0xff, 0xfe], u16::to_le_bytes), &["UTF-16", "UTF-8"]);
    check_file("big.csv", utf16([0xfe, 0xff], u16::to_be_bytes), &["UTF-16", "UTF-8"]);
    check_file("bare.csv", &utf16([0xff, 0xfe], u16::to_le_bytes)[2..], &["binary"]);
    check_file("book.xlsx", [b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &rubbish(200)].concat(), &["ZIP", "CSV"]);
    check_file("archive.csv", [b"PK\x03\x04".as_slice(), GOOD_EDGES.as_bytes()].concat(), &["ZIP"]);
}

#[test]
fn nothing_to_read() {
    check_file("empty.csv", "", &["the file is empty"]);
    check_file("empty.csv.gz", gzip(""), &["empty"]);
    check_file("header.csv", "source,target\n", &["header"]);
    check_file("header-weight.csv", "source,target,weight\n", &["header"]);
    check_file("comments.csv", "# one\n% two\n# three\n", &["only comments"]);
    check_file("blank.csv", "\n\n \n", &["blank"]);
    check_file("mark.csv", b"\xef\xbb\xbf", &["mark.csv"]);
    check_file("column.csv", "a\nb\nc\n", &["two"]);
    check_file("all-bad.csv", "source,target,weight\na,b,0\na,c,-1\n", &["no usable row", "2 rejected", "line 2", "weight"]);
}

#[test]
fn one_row_may_be_a_header_or_an_edge() {
    check_file("one.csv", "a,b\n", &["header", "--columns source=1,target=2"]);
    let found = check_rejects("one.csv", "a,b\n", &["--columns", "source=1,target=2"], &[]);
    assert_eq!(found, edges(&[("a", "b")]));
}

#[test]
fn json_without_edges_or_posts() {
    check_file("other.json", "{\"name\": \"x\", \"size\": 3}\n", &["JSON"]);
    check_file("number.json", "{1, 2}\n", &["JSON"]);
    check_file("deep.json", "[".repeat(200_000), &["JSON"]);
    check_file("deep-objects.json", "{\"a\":".repeat(100_000), &["JSON"]);
    let sandbox = sandbox();
    for format in ["ndjson", "twitter-v2"] {
        check(&sandbox, &["good.csv", "--format", format], UNUSABLE, &["good.csv"]);
    }
}

#[test]
fn empty_standard_input() {
    let sandbox = sandbox();
    check(&sandbox, &["-"], UNUSABLE, &["empty"]);
}
