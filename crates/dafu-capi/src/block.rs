//! Results in one block of memory.
//!
//! ```text
//! | Header | root struct | what it points to: structs, arrays, texts with their NUL ... |
//!          ^ what the caller gets
//! ```
//!
//! The function that describes a result runs twice: over a block that only counts, then over one that is large enough;
//! or once, where the room that was guessed for it is enough.
//! What it does must depend on the result alone, so that both runs place everything alike.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ffi::c_char;
use std::marker::PhantomData;
use std::mem::{align_of, size_of};
use std::ptr;

use crate::text::dafu_str;

/// Where a result is put, or, while counting, where it would be put.
pub(crate) struct Block {
    start: *mut u8,
    capacity: usize,
    used: usize,
}

/// What stands before the root: how many bytes to give back, 0 for memory of the caller.
#[repr(C, align(16))]
struct Header {
    allocated: usize,
}

/// A place in a block for some values in a row.
struct Place<T> {
    offset: usize,
    values: PhantomData<T>,
}

/// Makes a result in memory of its own; [`free`] takes it.
pub(crate) fn owned<V: Copy>(describe: impl Fn(&mut Block) -> V) -> *mut V {
    let size = count(&describe);
    let start = allocate(size);
    // SAFETY: `size` bytes at `start` were allocated, aligned as a header.
    unsafe { build(start, size, size, &describe) }
}

/// The same, described once where it fits into `room` bytes, which it keeps: for results on the way of every question.
pub(crate) fn owned_within<V: Copy>(room: usize, describe: impl Fn(&mut Block) -> V) -> *mut V {
    let room = room.max(size_of::<Header>());
    let mut block = Block {
        start: allocate(room),
        capacity: room,
        used: 0,
    };
    let root = place_root(&mut block, room, &describe);
    if block.used <= room {
        return block.pointer(&root);
    }
    let (small, size) = (block.start, block.used);
    let start = allocate(size);
    // SAFETY: `small` was allocated with this layout, and nobody has seen it; `size` bytes at `start` were allocated,
    // aligned as a header.
    unsafe {
        dealloc(small, layout(room));
        build(start, size, size, &describe)
    }
}

/// Makes a result in a buffer of the caller. When that is too small, says how many bytes it takes, wherever it begins.
///
/// # Safety
///
/// `size` bytes at `buffer` may be written.
pub(crate) unsafe fn in_buffer<V: Copy>(
    buffer: *mut u8,
    size: usize,
    describe: impl Fn(&mut Block) -> V,
) -> (usize, Option<*const V>) {
    let used = count(&describe);
    let needed = used + align_of::<Header>() - 1;
    if buffer.is_null() || size < needed {
        return (needed, None);
    }
    let skipped = buffer.align_offset(align_of::<Header>());
    // SAFETY: at most alignment - 1 bytes are skipped, so that `used` bytes are left of the caller's.
    let view = unsafe { build(buffer.add(skipped), used, 0, &describe) };
    (needed, Some(view))
}

/// Frees a result made by [`owned`]. NULL, and a result in a buffer of the caller, are left alone.
///
/// # Safety
///
/// `view` is NULL or came from this module, and is not freed yet.
pub(crate) unsafe fn free<V>(view: *mut V) {
    if view.is_null() {
        return;
    }
    // SAFETY: a header stands before every root, and it says how its memory was allocated.
    unsafe {
        let header = view.cast::<u8>().sub(size_of::<Header>()).cast::<Header>();
        let allocated = (*header).allocated;
        if allocated > 0 {
            dealloc(header.cast(), layout(allocated));
        }
    }
}

impl Block {
    /// Puts a text, followed by a NUL.
    pub(crate) fn text(&mut self, text: &str) -> dafu_str {
        let place = self.reserve::<u8>(text.len() + 1);
        if self.has(&place, text.len() + 1) {
            // SAFETY: the place is within the block, and nothing else was put there.
            unsafe {
                let to = self.pointer(&place);
                ptr::copy_nonoverlapping(text.as_ptr(), to, text.len());
                to.add(text.len()).write(0);
            }
        }
        dafu_str {
            data: self.pointer(&place).cast::<c_char>(),
            len: text.len(),
        }
    }

    /// Puts a text that may miss.
    pub(crate) fn optional_text(&mut self, text: Option<&str>) -> dafu_str {
        text.map_or(dafu_str::NONE, |text| self.text(text))
    }

    /// Puts one value.
    pub(crate) fn value<T: Copy>(&mut self, value: T) -> *const T {
        let place = self.reserve(1);
        self.write(&place, 0, value);
        self.pointer(&place)
    }

    /// Puts an array with a value for each item; NULL for none.
    pub(crate) fn list<S, T: Copy>(
        &mut self,
        items: impl ExactSizeIterator<Item = S>,
        mut describe: impl FnMut(&mut Self, S) -> T,
    ) -> *const T {
        let len = items.len();
        if len == 0 {
            return ptr::null();
        }
        let place = self.reserve::<T>(len);
        for (index, item) in items.take(len).enumerate() {
            let value = describe(self, item);
            self.write(&place, index, value);
        }
        self.pointer(&place)
    }

    /// Puts an array of texts; NULL for none.
    pub(crate) fn texts<S: AsRef<str>>(&mut self, texts: &[S]) -> *const dafu_str {
        self.list(texts.iter(), |block, text| block.text(text.as_ref()))
    }

    fn reserve<T>(&mut self, count: usize) -> Place<T> {
        const { assert!(align_of::<T>() <= align_of::<Header>()) };
        let offset = self.used.next_multiple_of(align_of::<T>());
        self.used = offset + count * size_of::<T>();
        Place {
            offset,
            values: PhantomData,
        }
    }

    fn write<T: Copy>(&mut self, place: &Place<T>, index: usize, value: T) {
        if self.has(place, index + 1) {
            // SAFETY: the place is within the block, aligned for `T`, and made for at least `index + 1` values.
            unsafe { self.pointer(place).add(index).write(value) };
        }
    }

    /// Whether the first `count` values of a place are within the block; never while counting.
    fn has<T>(&self, place: &Place<T>, count: usize) -> bool {
        place.offset + count * size_of::<T>() <= self.capacity
    }

    /// A pointer to a place; while counting, one that nobody reads.
    fn pointer<T>(&self, place: &Place<T>) -> *mut T {
        self.start.wrapping_add(place.offset).cast()
    }
}

/// How many bytes a result takes.
fn count<V: Copy>(describe: &impl Fn(&mut Block) -> V) -> usize {
    let mut counting = Block {
        start: ptr::null_mut(),
        capacity: 0,
        used: 0,
    };
    place_root(&mut counting, 0, describe);
    counting.used
}

/// # Safety
///
/// `size` bytes at `start` may be written, and `start` is aligned as a header.
unsafe fn build<V: Copy>(start: *mut u8, size: usize, allocated: usize, describe: &impl Fn(&mut Block) -> V) -> *mut V {
    let mut block = Block {
        start,
        capacity: size,
        used: 0,
    };
    let root = place_root(&mut block, allocated, describe);
    assert_eq!(block.used, size, "a result is as large as it was counted");
    block.pointer(&root)
}

fn place_root<V: Copy>(block: &mut Block, allocated: usize, describe: &impl Fn(&mut Block) -> V) -> Place<V> {
    let header = block.reserve::<HeaderWords>(1);
    block.write(&header, 0, [allocated, 0]);
    let root = block.reserve::<V>(1);
    let view = describe(block);
    block.write(&root, 0, view);
    root
}

/// A header as what it is made of.
type HeaderWords = [usize; size_of::<Header>() / size_of::<usize>()];

/// Memory for a block; `size` is that of a header at least.
fn allocate(size: usize) -> *mut u8 {
    let layout = layout(size);
    // SAFETY: the layout has a size.
    let start = unsafe { alloc(layout) };
    if start.is_null() {
        handle_alloc_error(layout);
    }
    start
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, align_of::<Header>()).expect("a result is smaller than the address space")
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    #[test]
    fn a_result_is_the_same_whatever_room_was_guessed_for_it() {
        let texts = ["退款多久到账", "", "1-3个工作日。"];
        for room in [0, 16, 64, 100, 4096] {
            let view = owned_within(room, |block: &mut Block| block.texts(&texts));
            // SAFETY: the result is whole, and freed once.
            unsafe {
                for (given, text) in slice::from_raw_parts(*view, texts.len()).iter().zip(texts) {
                    let bytes = slice::from_raw_parts(given.data.cast::<u8>(), given.len + 1);
                    assert_eq!(bytes, [text.as_bytes(), b"\0"].concat(), "{room}");
                }
                free(view);
            }
        }
    }
}
