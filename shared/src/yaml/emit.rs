//! The emitter: block style, two spaces, lists at their key's own indentation, as `kubectl` prints.
//!
//! It writes straight from a value, with no tree between: the index of a large bundle has lines for every pair of clusters.

mod text;

use std::fmt::{self, Display, Write};

use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use text::{indent, write_scalar, write_text};

/// Writes a value as one YAML document, without a `---` and with a line end.
///
/// None of our documents has floats, bytes, tuples or enums with content other than internally tagged ones: they are left out.
pub fn emit(value: &impl Serialize) -> String {
    let mut out = String::with_capacity(1024);
    emit_into(&mut out, value);
    out
}

/// Writes such a document behind what is there.
pub fn emit_into(out: &mut String, value: &impl Serialize) {
    let done = value.serialize(Emitter { out, place: Place::Document });
    debug_assert!(done.is_ok(), "a document of maps, lists and scalars");
}

/// Where a value stands.
#[derive(Clone, Copy)]
enum Place {
    /// It is the document.
    Document,
    /// It is a key.
    Key,
    /// Behind a `key:` of a map at that depth.
    Value(usize),
    /// Behind the `- ` of a list at that depth.
    Item(usize),
}

/// Writes one value.
struct Emitter<'a> {
    out: &'a mut String,
    place: Place,
}

impl<'a> Emitter<'a> {
    /// Writes a scalar, whose further lines, if any, are indented by a depth.
    fn scalar(self, write: impl FnOnce(&mut String, usize) -> fmt::Result) -> fmt::Result {
        let depth = match self.place {
            Place::Document | Place::Key => 0,
            Place::Value(depth) | Place::Item(depth) => depth + 1,
        };
        if matches!(self.place, Place::Value(_)) {
            self.out.push(' ');
        }
        write(self.out, depth)?;
        if !matches!(self.place, Place::Key) {
            self.out.push('\n');
        }
        Ok(())
    }

    fn shown(self, value: impl Display) -> fmt::Result {
        self.scalar(|out, _| write!(out, "{value}"))
    }

    fn entries(self) -> Entries<'a> {
        Entries { out: self.out, place: self.place, depth: None }
    }
}

/// Writes the entries of a map or the items of a list; the first one continues the line that is open.
struct Entries<'a> {
    out: &'a mut String,
    place: Place,
    /// How deep they stand, once the first is written.
    depth: Option<usize>,
}

impl Entries<'_> {
    /// Begins an entry; below a key they stand that many steps further in: a list by none.
    fn next(&mut self, steps: usize) -> usize {
        if let Some(depth) = self.depth {
            indent(self.out, depth);
            return depth;
        }
        let depth = match self.place {
            Place::Document | Place::Key => 0,
            Place::Item(depth) => depth + 1,
            Place::Value(depth) => {
                self.out.push('\n');
                indent(self.out, depth + steps);
                depth + steps
            }
        };
        self.depth = Some(depth);
        depth
    }

    fn key(&mut self, key: &(impl Serialize + ?Sized)) -> fmt::Result {
        self.next(1);
        key.serialize(Emitter { out: self.out, place: Place::Key })?;
        self.out.push(':');
        Ok(())
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> fmt::Result {
        let place = Place::Value(self.depth.unwrap_or_default());
        value.serialize(Emitter { out: self.out, place })
    }

    fn finish(self, empty: &str) -> fmt::Result {
        match self.depth {
            Some(_) => Ok(()),
            None => Emitter { out: self.out, place: self.place }.scalar(|out, _| out.write_str(empty)),
        }
    }
}

impl SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.value(value)
    }

    fn end(self) -> fmt::Result {
        self.finish("{}")
    }
}

impl SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> fmt::Result {
        self.key(key)?;
        self.value(value)
    }

    fn end(self) -> fmt::Result {
        self.finish("{}")
    }
}

impl SerializeSeq for Entries<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> fmt::Result {
        let place = Place::Item(self.next(0));
        self.out.push_str("- ");
        item.serialize(Emitter { out: self.out, place })
    }

    fn end(self) -> fmt::Result {
        self.finish("[]")
    }
}

/// Writes whole numbers as they are.
macro_rules! whole_numbers {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, n: $type) -> fmt::Result {
            self.shown(n)
        })*
    };
}

impl<'a> Serializer for Emitter<'a> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Entries<'a>;
    type SerializeTuple = Impossible<(), fmt::Error>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    whole_numbers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_bool(self, b: bool) -> fmt::Result {
        self.shown(b)
    }

    fn serialize_f32(self, _: f32) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_f64(self, _: f64) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_char(self, c: char) -> fmt::Result {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> fmt::Result {
        match self.place {
            Place::Key => self.scalar(|out, _| {
                write_text(out, text);
                Ok(())
            }),
            Place::Document | Place::Value(_) | Place::Item(_) => self.scalar(|out, depth| {
                write_scalar(out, text, depth);
                Ok(())
            }),
        }
    }

    fn serialize_bytes(self, _: &[u8]) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_none(self) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.shown("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> fmt::Result {
        self.serialize_str(word)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'a>, fmt::Error> {
        Ok(self.entries())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, fmt::Error> {
        Ok(self.entries())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'a>, fmt::Error> {
        Ok(self.entries())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    #[test]
    fn words_that_readers_retype_are_quoted() {
        for word in [
            "y",
            "N",
            "yes",
            "No",
            "on",
            "OFF",
            "true",
            "null",
            "~",
            "",
            "1",
            "1_000",
            "0x1f",
            "0o17",
            "017",
            "1e3",
            ".5",
            "1.",
            ".inf",
            ".NaN",
            "12:30:45",
            "2001-01-01",
            "<<",
            "=",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "@a",
            "`a",
            "%a",
            " a",
            "a ",
            "a:",
            "1.31",
            "[a",
            "{a",
            "|",
            ">",
            "'",
            "\"",
            "\u{feff}x",
            "a\u{1}",
        ] {
            let line = emit(&Yaml::map([("key", word.into())]));
            assert!(line.starts_with("key: \""), "{word:?} became {line}");
            let back: std::collections::BTreeMap<String, String> = serde_yaml::from_str(&line).unwrap();
            assert_eq!(back["key"], word);
        }
    }

    #[test]
    fn ordinary_words_stay_bare() {
        for word in [
            "cluster1",
            "istio-system",
            "*.local".trim_start_matches('*'),
            "10.0.0.0/16",
            "https://10.0.0.1:6443",
            "${EASTWEST_ADDRESS_A}",
            "集群",
            "networking.istio.io/v1",
        ] {
            assert_eq!(emit(&Yaml::map([("key", word.into())])), format!("key: {word}\n"));
        }
    }

    #[test]
    fn keys_are_quoted_like_values() {
        assert_eq!(emit(&Yaml::map([("no", "on".into())])), "\"no\": \"on\"\n");
    }

    #[test]
    fn nested_values_read_like_kubectl() {
        let value = Yaml::map([
            (
                "spec",
                Yaml::map([
                    ("ports", Yaml::list([Yaml::map([("name", "tls".into()), ("port", 15443.into())])])),
                    ("empty", Yaml::List(vec![])),
                ]),
            ),
            ("text", "a\nb\n".into()),
        ]);
        assert_eq!(emit(&value), "spec:\n  ports:\n  - name: tls\n    port: 15443\n  empty: []\ntext: |\n  a\n  b\n");
    }
}
