//! Objects written and read one by one.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Resource;
use kube::api::{Api, ObjectMeta, PostParams};
use kube::api::{
    DeleteParams, DynamicObject, ListParams, PartialObjectMetaExt, Patch, PatchParams,
};
use kube::discovery::Discovery;
use serde_json::json;

use crate::{Checked, Cluster, config_map, expect, expect_refused};

pub async fn discovery(here: Cluster) -> Checked {
    expect(
        "minor",
        here.client.apiserver_version().await?.minor.as_str(),
        "36",
    )?;
    let known = Discovery::new(here.client.clone()).run_aggregated().await?;
    let apps = known.get("apps").ok_or("no group apps")?;
    let (kind, _) = apps
        .recommended_kind("Deployment")
        .ok_or("no kind Deployment")?;
    expect("plural", kind.plural.as_str(), "deployments")?;
    let anything: Api<DynamicObject> =
        Api::namespaced_with(here.client.clone(), &here.namespace, &kind);
    expect(
        "none yet",
        anything.list(&ListParams::default()).await?.items.len(),
        0,
    )
}

pub async fn crud(here: Cluster) -> Checked {
    let maps = here.config_maps();
    let post = PostParams::default();
    let made = maps.create(&post, &config_map("one", "1")).await?;
    expect_refused(
        "twice",
        maps.create(&post, &config_map("one", "1")).await,
        409,
    )?;
    let mut changed = made.clone();
    changed.data = config_map("one", "2").data;
    let after = maps.replace("one", &post, &changed).await?;
    expect("data", &after.data, &changed.data)?;
    expect_refused("stale", maps.replace("one", &post, &made).await, 409)?;
    let mut entry = maps
        .entry("one")
        .await?
        .and_modify(|map| {
            map.data
                .get_or_insert_default()
                .insert("more".into(), "3".into());
        })
        .or_insert(ConfigMap::default);
    entry.commit(&post).await?;
    maps.delete("one", &DeleteParams::default()).await?;
    expect("is gone", maps.get_opt("one").await?.is_none(), true)
}

pub async fn patches(here: Cluster) -> Checked {
    let deployments: Api<Deployment> = Api::namespaced(here.client.clone(), &here.namespace);
    let labels = json!({"app": "web"});
    let wanted = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "web", "image": "web:1"}]},
            },
        },
    });
    let ours = PatchParams::apply("interop").validation_strict();
    deployments
        .patch("web", &ours, &Patch::Apply(&wanted))
        .await?;
    let replicas = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 1},
    });
    let theirs = PatchParams::apply("other");
    let refused = deployments
        .patch("web", &theirs, &Patch::Apply(&replicas))
        .await;
    expect_refused("conflict", refused, 409)?;
    let merge = json!({"metadata": {"annotations": {"merged": "yes"}}});
    deployments
        .patch("web", &PatchParams::default(), &Patch::Merge(&merge))
        .await?;
    let sidecar = json!({
        "spec": {"template": {"spec": {"containers": [{"name": "sidecar", "image": "web:1"}]}}},
    });
    let after = deployments
        .patch("web", &PatchParams::default(), &Patch::Strategic(&sidecar))
        .await?;
    let containers = after
        .spec
        .and_then(|spec| spec.template.spec)
        .map(|pod| pod.containers.len());
    expect("containers", containers, Some(2))?;
    let scale = deployments.get_scale("web").await?;
    // None and zero are the same to the server, which leaves such a number out.
    expect("scale", scale.spec.and_then(|spec| spec.replicas), None)
}

pub async fn pages(here: Cluster) -> Checked {
    let maps = here.config_maps();
    for number in 0..5 {
        let mut map = config_map(&format!("page-{number}"), "");
        map.metadata.labels = Some([("paged".into(), "yes".into())].into());
        maps.create(&PostParams::default(), &map).await?;
    }
    let mut page = ListParams::default().labels("paged").limit(2);
    let mut seen = 0;
    loop {
        let list = maps.list(&page).await?;
        seen += list.items.len();
        match list.metadata.continue_ {
            Some(token) if !token.is_empty() => page = page.continue_token(&token),
            _ => return expect("all pages", seen, 5),
        }
    }
}

pub async fn metadata(here: Cluster) -> Checked {
    let maps = here.config_maps();
    maps.create(&PostParams::default(), &config_map("one", "1"))
        .await?;
    let partial = maps.get_metadata("one").await?;
    expect("uid", partial.metadata.uid.is_some(), true)?;
    let change = ObjectMeta {
        labels: Some([("a".into(), "b".into())].into()),
        ..ObjectMeta::default()
    }
    .into_request_partial::<ConfigMap>();
    let after = maps
        .patch_metadata(
            "one",
            &PatchParams::apply("interop"),
            &Patch::Apply(&change),
        )
        .await?;
    expect(
        "labels",
        after.meta().labels.clone(),
        change.metadata.labels,
    )
}
