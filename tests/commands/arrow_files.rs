//! Arrow IPC and Parquet in unusual clothes: streams, files, dictionaries, standard input, damage.

use crate::support::Sandbox;
use crate::{arrows, edges_of};
use arrow::array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use arrow::ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true))).unwrap()
}

fn words(words: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(words.to_vec()))
}

fn as_file(parts: &[RecordBatch]) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &parts[0].schema()).unwrap();
    parts.iter().for_each(|part| writer.write(part).unwrap());
    writer.into_inner().unwrap()
}

fn as_stream(parts: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &parts[0].schema()).unwrap();
    parts.iter().for_each(|part| writer.write(part).unwrap());
    writer.into_inner().unwrap()
}

fn as_parquet(part: &RecordBatch, rows_a_group: usize) -> Vec<u8> {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(rows_a_group)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, part.schema(), Some(properties)).unwrap();
    writer.write(part).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn files_and_streams_are_one() {
    let sandbox = Sandbox::new();
    let dictionary: DictionaryArray<Int32Type> = vec!["b", "c", "b"].into_iter().collect();
    let parts = [
        table(vec![
            ("source", words(&["a", "b", "a"])),
            ("target", Arc::new(dictionary.clone())),
            ("weight", Arc::new(Float64Array::from(vec![1.0, 2.0, 0.5]))),
        ]),
        table(vec![
            ("source", words(&["c", "", "d"])),
            ("target", Arc::new(dictionary)),
            ("weight", Arc::new(Float64Array::from(vec![Some(1.0), Some(1.0), None]))),
        ]),
    ];
    for bytes in [as_file(&parts), as_stream(&parts)] {
        sandbox.write("edges", bytes);
        let run = sandbox.run_folder(["edges"]);
        assert_eq!(edges_of(&run), arrows("a>b*1.5 b>c*2 c>b"));
        let manifest = run.manifest();
        assert_eq!(
            (manifest["inputs"][0]["format"].as_str(), manifest["inputs"][0]["rejected"].as_u64()),
            (Some("arrow"), Some(2))
        );
    }
}

#[test]
fn half_a_file_gives_its_first_half() {
    let sandbox = Sandbox::new();
    let part = |first: i64| {
        table(vec![
            ("source", Arc::new(Int64Array::from_iter_values(first..first + 500)) as ArrayRef),
            ("target", Arc::new(Int64Array::from_iter_values(first + 1..first + 501))),
        ])
    };
    let whole = as_file(&[part(0), part(1_000), part(2_000), part(3_000)]);
    sandbox.write("edges.arrow", &whole[..whole.len() / 2]);
    let run = sandbox.run_folder(["edges.arrow"]);
    assert!((500..2_000).contains(&run.table("edges").rows()), "{}", run.table("edges").rows());
    let rejects = run.table("rejects");
    assert!(rejects.text("reason", 0).unwrap().contains("breaks off"), "{:?}", rejects.text("reason", 0));
}

#[test]
fn parquet_from_standard_input_and_compressed() {
    let sandbox = Sandbox::new();
    let bytes = as_parquet(&table(vec![("source", words(&["a", "b"])), ("target", words(&["b", "7"]))]), 10);
    sandbox.write_gz("edges.parquet.gz", &bytes);
    assert_eq!(edges_of(&sandbox.run_folder(["edges.parquet.gz"])), arrows("a>b b>7"));
    let answer = sandbox.echogram_fed(["run", "-", "-o", "fed", "--progress", "none", "--json"], &bytes);
    assert_eq!((answer.code, &answer.json()["edges"]), (0, &2.into()), "{answer:#?}");
}

#[test]
fn row_groups_outside_the_period_are_not_decoded() {
    let sandbox = Sandbox::new();
    let days = Int64Array::from_iter_values((0..40).map(|day| 1_772_409_600 + day * 86_400));
    let bytes = as_parquet(
        &table(vec![
            ("source", Arc::new(Int64Array::from_iter_values(0..40)) as ArrayRef),
            ("target", Arc::new(Int64Array::from_iter_values(1..41))),
            ("time", Arc::new(days)),
        ]),
        10,
    );
    sandbox.write("edges.parquet", bytes);
    let run = sandbox.run_folder(["edges.parquet", "--from", "2026-03-05", "--to", "2026-03-10"]);
    assert_eq!(edges_of(&run), arrows("3>4 4>5 5>6 6>7 7>8"));
    assert!(run.manifest()["notes"].to_string().contains("3 of 4 row groups lie outside"), "{}", run.manifest()["notes"]);
    assert_eq!(run.manifest()["inputs"][0]["rows"], 40);
}

#[test]
fn a_damaged_row_group_costs_its_own_rows() {
    let sandbox = Sandbox::new();
    let column =
        |shift: i64| Arc::new(Int64Array::from_iter_values((0..4_000).map(|row| (row * 7_919 + shift) % 4_001))) as ArrayRef;
    let mut bytes = as_parquet(&table(vec![("source", column(0)), ("target", column(5))]), 1_000);
    // The first page's header and values: nothing of it can be made out.
    bytes[4..900].fill(0xff);
    sandbox.write("edges.parquet", bytes);
    let run = sandbox.run_folder(["edges.parquet"]);
    assert_eq!(run.table("edges").rows(), 3_000);
    let rejects = run.table("rejects");
    assert!(rejects.text("reason", 0).unwrap().contains("row group 1"), "{:?}", rejects.text("reason", 0));
}
