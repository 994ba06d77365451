//! Arranges a module so that it compresses well. It stays the module that it is: the same functions do the same, and browsers take it as it comes.
//!
//! Compression finds what was there before. A compiler numbers the locals of each function behind its parameters, in an order of its own, so
//! that what is the same work in two functions is other bytes in both. Here the locals of all functions begin at one number, the
//! frame first, then by use; how loads and stores are aligned, which browsers do not ask, is not said; and functions that begin
//! alike are neighbours, and those that are alike to the end are one.

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use crate::shorten::{number, put};

/// The number that the locals of a function begin at, where it has no more parameters than that.
const FIRST: usize = 8;
/// What one of WebAssembly's numbers is that the unused locals below it are: the cheapest.
const I32: u8 = 0x7f;

/// How the section begins that names things for people.
const NAMES: &[u8] = b"\x04name";
/// The part of it that names functions.
const FUNCTION_NAMES: u8 = 1;

/// The numbers of sections.
mod section {
    pub(super) const CUSTOM: u8 = 0;
    pub(super) const TYPES: u8 = 1;
    pub(super) const IMPORTS: u8 = 2;
    pub(super) const FUNCTIONS: u8 = 3;
    pub(super) const EXPORTS: u8 = 7;
    pub(super) const START: u8 = 8;
    pub(super) const ELEMENTS: u8 = 9;
    pub(super) const CODE: u8 = 10;
}

/// An instruction: what follows its code is one of these, or bytes that stay as they are.
enum Instruction<'a> {
    Local(u8, usize),
    /// A call, or a reference.
    Function(u8, usize),
    /// A load or a store with its offset.
    Memory(u8, &'a [u8]),
    Other(&'a [u8]),
}

struct Function<'a> {
    kind: usize,
    parameters: usize,
    /// The type of every local behind the parameters.
    locals: Vec<u8>,
    body: Vec<Instruction<'a>>,
}

/// Arranges a module, and lists its functions by the numbers that browsers tell of a trap.
pub(crate) fn arrange(module: &[u8]) -> Result<(Vec<u8>, String)> {
    let sections = sections(module)?;
    let find = |kind: u8| sections.iter().find(|(other, _)| *other == kind).map(|(_, bytes)| *bytes);
    let need = |kind: u8| find(kind).with_context(|| format!("no section {kind}"));
    let parameters = parameters(need(section::TYPES)?)?;
    let imported = find(section::IMPORTS).map_or(Ok(0), |bytes| number(bytes, &mut 0))?;
    let functions = functions(need(section::FUNCTIONS)?, need(section::CODE)?, &parameters)?;
    let twins = twins(&functions, imported);

    // By the old numbers of those they call.
    let bodies: Vec<Vec<u8>> = functions.iter().map(|function| function.write(&twins)).collect();
    let mut order: Vec<usize> = (0..functions.len()).filter(|&at| twins[imported + at] == imported + at).collect();
    order.sort_by(|one, other| bodies[*one].cmp(&bodies[*other]).then(one.cmp(other)));
    let mut places: Vec<usize> = (0..imported + functions.len()).collect();
    for (place, &function) in order.iter().enumerate() {
        places[imported + function] = imported + place;
    }
    let fresh: Vec<usize> = twins.iter().map(|&twin| places[twin]).collect();

    let mut out = module.get(..8).context("no WebAssembly module")?.to_vec();
    let mut list = String::new();
    for (kind, bytes) in &sections {
        let mut section = Vec::with_capacity(bytes.len());
        match *kind {
            section::FUNCTIONS => {
                put(&mut section, order.len());
                for &function in &order {
                    put(&mut section, functions[function].kind);
                }
            }
            section::CODE => {
                put(&mut section, order.len());
                for &function in &order {
                    let body = functions[function].write(&fresh);
                    put(&mut section, body.len());
                    section.extend(body);
                }
            }
            section::START => put(&mut section, fresh[number(bytes, &mut 0)?]),
            section::EXPORTS => exports(bytes, &fresh, &mut section)?,
            section::ELEMENTS => elements(bytes, &fresh, &mut section)?,
            section::CUSTOM if bytes.starts_with(NAMES) => {
                list = names(&bytes[NAMES.len()..], &fresh)?;
                continue;
            }
            _ => section.extend_from_slice(bytes),
        }
        out.push(*kind);
        put(&mut out, section.len());
        out.extend(section);
    }
    Ok((out, list))
}

/// Finds functions that do the same: by the number of each, that of the first one like it. Whoever calls twins may be a twin for it.
fn twins(functions: &[Function], imported: usize) -> Vec<usize> {
    let mut twins: Vec<usize> = (0..imported + functions.len()).collect();
    loop {
        let (mut seen, mut more) = (HashMap::new(), false);
        for (at, function) in functions.iter().enumerate() {
            let own = imported + at;
            if twins[own] == own {
                let first = *seen.entry((function.kind, function.write(&twins))).or_insert(own);
                more |= first != own;
                twins[own] = first;
            }
        }
        for at in 0..twins.len() {
            twins[at] = twins[twins[at]];
        }
        if !more {
            return twins;
        }
    }
}

/// Lists functions, each with its new number.
fn names(bytes: &[u8], fresh: &[usize]) -> Result<String> {
    let (mut at, mut list) = (0, Vec::new());
    while at < bytes.len() {
        let kind = take(bytes, &mut at, 1)?[0];
        let length = number(bytes, &mut at)?;
        let part = take(bytes, &mut at, length)?;
        if kind == FUNCTION_NAMES {
            let mut at = 0;
            for _ in 0..number(part, &mut at)? {
                let place = *fresh.get(number(part, &mut at)?).context("a name of nothing")?;
                let length = number(part, &mut at)?;
                list.push((place, String::from_utf8_lossy(take(part, &mut at, length)?)));
            }
        }
    }
    list.sort_unstable();
    let lines: Vec<String> = list.iter().map(|(place, name)| format!("{place} {name}\n")).collect();
    Ok(lines.concat())
}

impl Function<'_> {
    fn write(&self, names: &[usize]) -> Vec<u8> {
        let all = self.parameters + self.locals.len();
        let mut used = vec![0_usize; all];
        for instruction in &self.body {
            if let Instruction::Local(_, local) = instruction {
                used[*local] += 1;
            }
        }
        let kind = |local: usize| self.locals[local - self.parameters];
        let own = |local: usize| local >= self.parameters && kind(local) == I32;
        let frame = self.body.iter().find_map(|instruction| match instruction {
            Instruction::Local(_, local) if own(*local) => Some(*local),
            _ => None,
        });
        let mut order: Vec<usize> = (self.parameters..all).collect();
        // The types of numbers count downwards from that of the most frequent one. What is first of all is nearly always the frame.
        order.sort_by_key(|&local| (Reverse(kind(local)), Some(local) != frame, Reverse(used[local]), local));

        let mut groups: Vec<(usize, u8)> = Vec::new();
        let unused = if order.is_empty() { 0 } else { FIRST.saturating_sub(self.parameters) };
        if unused > 0 {
            groups.push((unused, I32));
        }
        let mut locals: Vec<usize> = (0..all).collect();
        for (place, &local) in order.iter().enumerate() {
            locals[local] = self.parameters + unused + place;
            match groups.last_mut() {
                Some((count, last)) if *last == kind(local) => *count += 1,
                _ => groups.push((1, kind(local))),
            }
        }

        let mut out = Vec::new();
        put(&mut out, groups.len());
        for (count, kind) in groups {
            put(&mut out, count);
            out.push(kind);
        }
        for instruction in &self.body {
            match instruction {
                Instruction::Local(code, local) => {
                    out.push(*code);
                    put(&mut out, locals[*local]);
                }
                Instruction::Function(code, function) => {
                    out.push(*code);
                    put(&mut out, names[*function]);
                }
                Instruction::Memory(code, offset) => {
                    out.extend([*code, 0]);
                    out.extend_from_slice(offset);
                }
                Instruction::Other(bytes) => out.extend_from_slice(bytes),
            }
        }
        out
    }
}

fn sections(module: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    let (mut found, mut at) = (Vec::new(), 8);
    while at < module.len() {
        let kind = module[at];
        at += 1;
        let length = number(module, &mut at)?;
        found.push((kind, take(module, &mut at, length)?));
    }
    Ok(found)
}

/// Counts the parameters of every type.
fn parameters(types: &[u8]) -> Result<Vec<usize>> {
    let mut at = 0;
    let count = number(types, &mut at)?;
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        if take(types, &mut at, 1)? != [0x60] {
            bail!("a type that is no function's");
        }
        let parameters = number(types, &mut at)?;
        take(types, &mut at, parameters)?;
        let results = number(types, &mut at)?;
        take(types, &mut at, results)?;
        found.push(parameters);
    }
    Ok(found)
}

fn functions<'a>(kinds: &[u8], code: &'a [u8], parameters: &[usize]) -> Result<Vec<Function<'a>>> {
    let (mut at, mut kind_at) = (0, 0);
    let count = number(code, &mut at)?;
    if number(kinds, &mut kind_at)? != count {
        bail!("functions without a body");
    }
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        let kind = number(kinds, &mut kind_at)?;
        let length = number(code, &mut at)?;
        let bytes = take(code, &mut at, length)?;
        let mut begin = 0;
        let mut locals = Vec::new();
        for _ in 0..number(bytes, &mut begin)? {
            let count = number(bytes, &mut begin)?;
            locals.resize(locals.len() + count, take(bytes, &mut begin, 1)?[0]);
        }
        let parameters = *parameters.get(kind).context("a type that is not there")?;
        found.push(Function { kind, parameters, locals, body: body(bytes, begin)? });
    }
    Ok(found)
}

fn body(bytes: &[u8], mut at: usize) -> Result<Vec<Instruction<'_>>> {
    let mut found = Vec::new();
    while at < bytes.len() {
        let begin = at;
        let code = bytes[at];
        at += 1;
        match code {
            0x20..=0x22 => {
                found.push(Instruction::Local(code, number(bytes, &mut at)?));
                continue;
            }
            0x10 | 0xd2 => {
                found.push(Instruction::Function(code, number(bytes, &mut at)?));
                continue;
            }
            0x28..=0x3e => {
                skip(bytes, &mut at)?;
                let offset = at;
                skip(bytes, &mut at)?;
                found.push(Instruction::Memory(code, &bytes[offset..at]));
                continue;
            }
            // Blocks with their type, branches, globals, tables, numbers, the memory, the null reference: one number each.
            0x02..=0x04 | 0x0c | 0x0d | 0x23..=0x26 | 0x3f..=0x42 | 0xd0 => skip(bytes, &mut at)?,
            0x11 => {
                skip(bytes, &mut at)?;
                skip(bytes, &mut at)?;
            }
            // A table of branches, and the one for all else.
            0x0e => {
                for _ in 0..=number(bytes, &mut at)? {
                    skip(bytes, &mut at)?;
                }
            }
            0x1c => {
                let types = number(bytes, &mut at)?;
                take(bytes, &mut at, types)?;
            }
            0x43 => drop(take(bytes, &mut at, 4)?),
            0x44 => drop(take(bytes, &mut at, 8)?),
            0xfc => match number(bytes, &mut at)? {
                0..=7 => (),
                8 | 10 | 12 | 14 => {
                    skip(bytes, &mut at)?;
                    skip(bytes, &mut at)?;
                }
                9 | 11 | 13 | 15..=17 => skip(bytes, &mut at)?,
                other => bail!("an instruction 0xfc {other} that is not known here"),
            },
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => (),
            other => bail!("an instruction {other:#x} that is not known here"),
        }
        found.push(Instruction::Other(&bytes[begin..at]));
    }
    Ok(found)
}

fn exports(bytes: &[u8], names: &[usize], out: &mut Vec<u8>) -> Result<()> {
    let mut at = 0;
    let count = number(bytes, &mut at)?;
    put(out, count);
    for _ in 0..count {
        let length = number(bytes, &mut at)?;
        put(out, length);
        out.extend_from_slice(take(bytes, &mut at, length)?);
        let kind = take(bytes, &mut at, 1)?[0];
        out.push(kind);
        let which = number(bytes, &mut at)?;
        put(out, if kind == 0 { names[which] } else { which });
    }
    Ok(())
}

fn elements(bytes: &[u8], names: &[usize], out: &mut Vec<u8>) -> Result<()> {
    let mut at = 0;
    let count = number(bytes, &mut at)?;
    put(out, count);
    for _ in 0..count {
        let begin = at;
        if number(bytes, &mut at)? != 0 {
            bail!("elements of a kind that is not known here");
        }
        // Where they go: a number, and the end of that expression.
        take(bytes, &mut at, 1)?;
        skip(bytes, &mut at)?;
        take(bytes, &mut at, 1)?;
        out.extend_from_slice(&bytes[begin..at]);
        let functions = number(bytes, &mut at)?;
        put(out, functions);
        for _ in 0..functions {
            put(out, names[number(bytes, &mut at)?]);
        }
    }
    Ok(())
}

fn take<'a>(bytes: &'a [u8], at: &mut usize, length: usize) -> Result<&'a [u8]> {
    let taken = bytes.get(*at..*at + length).context("a module that is cut off")?;
    *at += length;
    Ok(taken)
}

/// Passes over a number, which may be a long one.
fn skip(bytes: &[u8], at: &mut usize) -> Result<()> {
    while *bytes.get(*at).context("a number that is cut off")? >= 0x80 {
        *at += 1;
    }
    *at += 1;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![kind];
        put(&mut out, content.len());
        out.extend_from_slice(content);
        out
    }

    /// A module of two functions, each with one parameter; the second one is exported, an element, and calls the first.
    fn module(exported: u8, bodies: [&[u8]; 2]) -> Vec<u8> {
        let mut code = vec![2];
        for body in bodies {
            put(&mut code, body.len());
            code.extend_from_slice(body);
        }
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(section::TYPES, &[1, 0x60, 1, 0x7f, 1, 0x7f]),
            section(section::FUNCTIONS, &[2, 0, 0]),
            section(section::EXPORTS, &[2, 1, b'm', 2, 0, 1, b'f', 0, exported]),
            section(section::ELEMENTS, &[1, 0, 0x41, 0, 0x0b, 1, exported]),
            section(section::CODE, &code),
        ]
        .concat()
    }

    #[test]
    fn locals_begin_at_one_number_and_functions_are_called_by_their_new_ones() {
        // Two i32 and an i64 behind the parameter, of which the second is used most: loaded from where the parameter says.
        let much = [2, 2, 0x7f, 1, 0x7e, 0x20, 0, 0x28, 2, 4, 0x21, 2, 0x42, 1, 0x21, 3, 0x20, 2, 0x0b];
        let calls = [0, 0x20, 0, 0x10, 0, 0x0b];
        let (arranged, _) = arrange(&module(1, [&much, &calls])).unwrap();
        let first = [0, 0x20, 0, 0x10, 1, 0x0b];
        let second = [2, 9, 0x7f, 1, 0x7e, 0x20, 0, 0x28, 0, 4, 0x21, 8, 0x42, 1, 0x21, 10, 0x20, 8, 0x0b];
        assert_eq!(arranged, module(0, [&first, &second]));
    }

    #[test]
    fn twins_are_one_and_are_listed_under_its_number() {
        let mut whole = module(1, [&[0, 0x20, 0, 0x0b], &[0, 0x20, 0, 0x0b]]);
        whole.extend(section(section::CUSTOM, b"\x04name\x01\x07\x02\x00\x01a\x01\x01b"));
        let (arranged, list) = arrange(&whole).unwrap();
        assert_eq!(list, "0 a\n0 b\n");
        assert!(arranged.ends_with(&section(section::CODE, &[1, 4, 0, 0x20, 0, 0x0b])));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(arrange(&module(1, [&[0, 0x06, 0x40, 0x0b], &[0, 0x0b]])).is_err(), "an instruction");
        let whole = module(1, [&[0, 0x0b], &[0, 0x0b]]);
        assert!(arrange(&whole).is_ok());
        assert!(arrange(&whole[..whole.len() - 1]).is_err(), "cut off");
    }
}
