//! The entry point of the planner in the browser.

fn main() {
    web::start();
}
