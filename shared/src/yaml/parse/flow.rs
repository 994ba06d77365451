//! Brackets and braces.

use super::{Entry, Node, Read, Reader, Trouble, Value};

impl Reader<'_> {
    /// Reads brackets or braces, and that nothing follows them in their line.
    pub(super) fn flow_line(&mut self) -> Read<Value> {
        let value = self.flow()?;
        self.finish_line()?;
        Ok(value)
    }

    fn flow(&mut self) -> Read<Value> {
        let opened = self.line;
        let is_list = self.byte(0) == b'[';
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        loop {
            // Over the bracket, or the comma.
            self.at += 1;
            self.skip(true)?;
            match self.byte(0) {
                b']' if is_list => break,
                b'}' if !is_list => break,
                _ if self.is_end() => return Err((opened, Trouble::Open)),
                _ if is_list => items.push(self.flow_node()?),
                _ => entries.push(self.flow_entry()?),
            }
            self.skip(true)?;
            match self.byte(0) {
                b',' => {}
                b']' if is_list => break,
                b'}' if !is_list => break,
                _ if self.is_end() => return Err((opened, Trouble::Open)),
                _ => return self.unexpected(),
            }
        }
        self.at += 1;
        Ok(if is_list { Value::List(items) } else { Value::Map(entries) })
    }

    fn flow_entry(&mut self) -> Read<Entry> {
        let (line, begin) = (self.line, self.at);
        let (key, _) = self.scalar(true)?;
        self.skip(true)?;
        if self.byte(0) != b':' {
            return Ok(Entry { key, line, node: Node::nothing(line) });
        }
        if self.line != line || self.at - begin > 1024 {
            return self.unexpected();
        }
        self.at += 1;
        self.skip(true)?;
        let node = match self.byte(0) {
            b',' | b'}' => Node::nothing(line),
            _ => self.flow_node()?,
        };
        Ok(Entry { key, line, node })
    }

    fn flow_node(&mut self) -> Read<Node> {
        let line = self.line;
        let value = match self.byte(0) {
            // As deep as the guard lets them be.
            b'[' | b'{' => self.flow()?,
            _ => {
                let (text, plain) = self.scalar(true)?;
                Value::Scalar { text, plain }
            }
        };
        Ok(Node { line, value })
    }
}
