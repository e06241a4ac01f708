//! Parquet inputs that are cut, of wrong types, or compressed once more.

use crate::support::Sandbox;
use crate::{UNUSABLE, check, check_rejects, edges, sandbox};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringArray};
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// A Parquet file of these columns.
fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn words(words: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(words.to_vec()))
}

fn sound() -> Vec<u8> {
    parquet(vec![("source", words(&["a", "b", "c"])), ("target", words(&["b", "c", "a"]))])
}

/// The file is refused, with these words.
#[track_caller]
fn check_parquet(contents: &[u8], words: &[&str]) {
    let sandbox = sandbox();
    sandbox.write("edges.parquet", contents);
    check(&sandbox, &["edges.parquet"], UNUSABLE, words);
}

#[test]
fn cut_or_damaged() {
    let sound = sound();
    check_parquet(&sound[..sound.len() / 2], &["edges.parquet", "damaged or cut"]);
    check_parquet(&sound[..sound.len() - 1], &["edges.parquet", "damaged or cut"]);
    check_parquet(b"PAR1", &["edges.parquet", "damaged or cut"]);
    check_parquet(b"PAR1PAR1", &["edges.parquet", "damaged or cut"]);
    let mut torn = sound.clone();
    let middle = torn.len() - 20;
    torn[20..middle].fill(0xff);
    check_parquet(&torn, &["edges.parquet", "damaged or cut"]);
    let sandbox = sandbox();
    sandbox.write("people.parquet", &sound[..sound.len() / 2]);
    check(&sandbox, &["good.csv", "--accounts", "people.parquet"], UNUSABLE, &["people.parquet", "damaged or cut"]);
}

#[test]
fn any_flipped_byte_is_an_error_or_an_answer() {
    let sound = sound();
    let sandbox = Sandbox::new();
    for at in (0..sound.len()).step_by(sound.len() / 40) {
        let mut flipped = sound.clone();
        flipped[at] ^= 0x55;
        sandbox.write("edges.parquet", flipped);
        let answer =
            sandbox.echogram(["run", "edges.parquet", "-o", "run", "--force", "--progress", "none", "--metrics", "degree"]);
        assert!([0, UNUSABLE].contains(&answer.code) && !answer.stderr.contains("panicked"), "byte {at}: {answer:#?}");
    }
}

#[test]
fn wrong_types() {
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1)]), None, None]));
    let ends = || vec![("source", words(&["a", "b", "c"])), ("target", words(&["b", "c", "a"]))];
    let with = |name, column| {
        let mut columns = ends();
        columns.push((name, column));
        parquet(columns)
    };
    check_parquet(&parquet(vec![("source", lists.clone()), ("target", words(&["a", "b", "c"]))]), &["`source`", "List"]);
    let truths: ArrayRef = Arc::new(BooleanArray::from(vec![true, false, true]));
    check_parquet(&parquet(vec![("source", truths), ("target", words(&["a", "b", "c"]))]), &["`source`", "Boolean"]);
    check_parquet(&with("weight", lists), &["`weight`", "List"]);
    check_parquet(&parquet(vec![("source", words(&["a"]))]), &["edges.parquet", "two columns"]);
    check_parquet(&parquet(vec![("source", words(&[])), ("target", words(&[]))]), &["no usable row"]);
}

#[test]
fn values_that_cannot_be_used_are_rows_of_their_own() {
    let contents = parquet(vec![
        ("source", Arc::new(StringArray::from(vec![Some("a"), None, Some(""), Some("d"), Some("e"), Some("f")])) as ArrayRef),
        ("target", words(&["b", "b", "b", "b", "b", "b"])),
        ("weight", Arc::new(Float64Array::from(vec![Some(1.0), Some(1.0), Some(1.0), Some(f64::NAN), None, Some(2.0)]))),
    ]);
    let found = check_rejects(
        "edges.parquet",
        contents,
        &[],
        &[(2, "source", "null"), (3, "source", "empty"), (4, "weight", "finite"), (5, "weight", "null")],
    );
    assert_eq!(found, edges(&[("a", "b"), ("f", "b")]));
}

#[test]
fn numbers_below_zero_as_keys() {
    let contents = parquet(vec![
        ("source", Arc::new(Int64Array::from(vec![Some(1), Some(-2), None])) as ArrayRef),
        ("target", Arc::new(Int64Array::from(vec![7, 8, 9]))),
    ]);
    let found = check_rejects("edges.parquet", contents, &[], &[(2, "source", "range"), (3, "source", "null")]);
    assert_eq!(found, edges(&[("1", "7")]));
}

#[test]
fn weights_and_times_as_words() {
    let contents = parquet(vec![
        ("source", words(&["a", "b", "c"])),
        ("target", words(&["b", "c", "a"])),
        ("weight", words(&["2", "x", "-1"])),
        ("time", words(&["2026-01-01", "2026-01-02", "2026-01-03"])),
    ]);
    let found = check_rejects("edges.parquet", contents, &[], &[(2, "weight", ""), (3, "weight", "above 0")]);
    assert_eq!(found, edges(&[("a", "b")]));
}

#[test]
fn half_a_file_has_no_list_of_contents() {
    let sandbox = sandbox();
    let sound = sound();
    sandbox.write_gz("edges.parquet.gz", &sound[..sound.len() / 2]);
    check(&sandbox, &["edges.parquet.gz"], UNUSABLE, &["edges.parquet.gz", "cut off", "fetch it again"]);
}
