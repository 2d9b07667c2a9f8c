//! Reply templates: texts with slots, and how they are filled.

mod render;
mod reply_template;
mod slot;
mod slot_kind;
mod wording;

pub use render::{Escape, RenderError};
pub use reply_template::ReplyTemplate;
pub use slot::{Slot, SlotName};
pub use slot_kind::SlotKind;
