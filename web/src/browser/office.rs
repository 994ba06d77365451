//! The worker that makes large bundles: started when the first is asked for, from the module that the page runs already.
//!
//! One job is under way at a time. Of bundles only the newest is asked for next: nobody waits for one that is out of date.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, JsString, Uint8Array, Uint32Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::made::{Made, Texts};
use crate::worker::{Answer, Helper, Job};

/// The script that starts the worker, beside the page.
const SCRIPT: &str = "./worker.js";

/// Hears what came of a job, in the worker or, where there can be none, in the page.
type Heard = Box<dyn FnOnce(Option<Answer>)>;

/// Where jobs are given.
#[derive(Clone, Default)]
pub(crate) struct Office(Rc<RefCell<Desk>>);

#[derive(Default)]
struct Desk {
    worker: Option<Worker>,
    /// Whether the worker has said that it listens.
    ready: bool,
    /// Whether there can be no worker: jobs are then done in the page.
    alone: bool,
    under_way: Option<(Job, Heard)>,
    next: VecDeque<(Job, Heard)>,
}

impl Office {
    /// Gives a job; a bundle that waits to be made is made no more once there is a newer one.
    pub(crate) fn give(&self, job: Job, heard: impl FnOnce(Option<Answer>) + 'static) {
        let mut desk = self.0.borrow_mut();
        if matches!(job, Job::Make(_)) {
            desk.next.retain(|(job, _)| !matches!(job, Job::Make(_)));
        }
        desk.next.push_back((job, Box::new(heard)));
        if desk.worker.is_none() && !desk.alone {
            match self.hire() {
                Ok(worker) => desk.worker = Some(worker),
                Err(_) => desk.alone = true,
            }
        }
        drop(desk);
        self.proceed();
    }

    fn hire(&self) -> Result<Worker, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options)?;
        let office = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| office.hear(&event.data()));
        let office = self.clone();
        let on_error = Closure::<dyn FnMut()>::new(move || office.dismiss());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // They live as long as the page.
        on_message.forget();
        on_error.forget();
        worker.post_message(&wasm_bindgen::module())?;
        Ok(worker)
    }

    fn hear(&self, data: &JsValue) {
        let Some(parts) = data.dyn_ref::<Array>() else {
            // The first word of a worker is that it is there.
            self.0.borrow_mut().ready = true;
            return self.proceed();
        };
        let done = self.0.borrow_mut().under_way.take();
        if let Some((_, heard)) = done {
            heard(unpacked(parts));
        }
        self.proceed();
    }

    /// Goes on without a worker, with what it was about to do.
    fn dismiss(&self) {
        let mut desk = self.0.borrow_mut();
        (desk.worker, desk.alone) = (None, true);
        if let Some(job) = desk.under_way.take() {
            desk.next.push_front(job);
        }
        drop(desk);
        self.proceed();
    }

    fn proceed(&self) {
        let mut desk = self.0.borrow_mut();
        if desk.under_way.is_some() || !(desk.ready || desk.alone) {
            return;
        }
        let Some((job, heard)) = desk.next.pop_front() else { return };
        let sent = desk.worker.as_ref().map(|worker| worker.post_message(&packed(&job)));
        if let Some(Ok(())) = sent {
            desk.under_way = Some((job, heard));
        } else {
            drop(desk);
            heard(Helper::default().answer(&job));
            self.proceed();
        }
    }
}

/// In a worker: says that it is there, and answers jobs from then on. `false` in a page.
pub(crate) fn open(mut helper: Helper) -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return false };
    let listener = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let job = event.data().dyn_ref::<Array>().and_then(asked);
        let parts = job.and_then(|job| helper.answer(&job)).map(|answer| said(&answer)).unwrap_or_default();
        // Buffers are handed over, not copied.
        let buffers: Array = parts.iter().map(|part| buffer(&part)).collect();
        let _ = listener.post_message_with_transfer(&parts, &buffers);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
    true
}

fn packed(job: &Job) -> Array {
    match job {
        Job::Make(topology) => Array::of1(&topology.as_str().into()),
        Job::Pack(topology, layout) => Array::of2(&topology.as_str().into(), &layout.as_str().into()),
    }
}

fn asked(parts: &Array) -> Option<Job> {
    let text = |at: u32| parts.get(at).as_string();
    match parts.length() {
        1 => Some(Job::Make(text(0)?)),
        _ => Some(Job::Pack(text(0)?, text(1)?)),
    }
}

fn said(answer: &Answer) -> Array {
    match answer {
        Answer::Packed(zip) => Array::of1(&Uint8Array::from(zip.as_slice())),
        Answer::Made(made) => {
            let parts = made.parts();
            let arrays = parts.iter().flat_map(|texts| {
                [
                    JsValue::from(Uint8Array::from(texts.bytes.as_slice())),
                    JsValue::from(Uint32Array::from(texts.ends.as_slice())),
                ]
            });
            arrays.collect::<Array>()
        }
    }
}

fn unpacked(parts: &Array) -> Option<Answer> {
    let bytes = |at: u32| parts.get(at).dyn_into::<Uint8Array>().ok().map(|array| array.to_vec());
    let texts = |at: u32| {
        let ends = parts.get(at + 1).dyn_into::<Uint32Array>().ok()?.to_vec();
        Some(Texts { bytes: bytes(at)?, ends })
    };
    match parts.length() {
        0 => None,
        1 => bytes(0).map(Answer::Packed),
        _ => Some(Answer::Made(Rc::new(Made::from_parts([texts(0)?, texts(2)?, texts(4)?])))),
    }
}

fn buffer(part: &JsValue) -> JsValue {
    js_sys::Reflect::get(part, &JsString::from("buffer")).unwrap_or(JsValue::UNDEFINED)
}
