//! Every sentence of the planner, in English and Chinese. The type makes a missing translation impossible.
//!
//! Each file below holds the words of one part of the page, as a macro that hands its own and those before it to the next; the last one
//! makes one type of all.

#[macro_use]
mod changes;
#[macro_use]
mod details;
#[macro_use]
mod dialogs;
#[macro_use]
mod done;
#[macro_use]
mod editing;
#[macro_use]
mod files;
#[macro_use]
mod help;
#[macro_use]
mod outline;
#[macro_use]
mod plan;
#[macro_use]
mod start;
#[macro_use]
mod views;

macro_rules! catalogue {
    ([] $($name:ident: $en:literal, $zh:literal;)*) => {
        /// A sentence of the planner.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Msg { $($name),* }

        impl Msg {
            /// All sentences.
            #[cfg(test)]
            pub(super) const ALL: &[Msg] = &[$(Msg::$name),*];

            /// Returns the sentence in English and in Chinese.
            pub(crate) fn both(self) -> (&'static str, &'static str) {
                match self { $(Msg::$name => ($en, $zh)),* }
            }
        }
    };
}

start! { [outline views details plan changes done dialogs editing files help catalogue] }
